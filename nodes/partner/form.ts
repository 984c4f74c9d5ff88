import { z } from 'zod';
import { type PartnerConfig, partnerModes } from '../../lib/engine/api';
import { commonFields, optionalNumber, optionalText, requiredText } from '../common/config';

/** `env:NAME` or `file:PATH`: where a secret is read from. The value itself never stands in a flow file. */
export const secretReference = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/;

const references = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .refine(
    (parts) => parts.every((part) => secretReference.test(part)),
    'must be a reference like env:NAME or file:PATH, never the secret itself',
  );

export const partnerForm = z.object({
  ...commonFields,
  partnerId: requiredText('give the partner an id').regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'use lower-case letters, digits and hyphens, 63 at most',
  ),
  connector: requiredText('choose a connector'),
  endpoint: optionalText,
  region: optionalText,
  mode: z.enum(partnerModes, 'choose observe, assist or automate').default('observe'),
  /** Secret name -> references, the current one first, the one before it second during a rotation. */
  secrets: z.record(z.string(), references).default({}),
  settings: z.record(z.string(), z.unknown()).default({}),
  ratePerSecond: optionalNumber('must be a number of calls a second above 0'),
  concurrency: optionalNumber('must be a number of calls above 0'),
  timeoutMs: optionalNumber('must be milliseconds above 0'),
  maxBodyBytes: optionalNumber('must be bytes above 0'),
  inboundPerSecond: optionalNumber('must be a number of deliveries a second above 0'),
});
export type PartnerForm = z.infer<typeof partnerForm>;

const limitNames = ['ratePerSecond', 'concurrency', 'timeoutMs', 'maxBodyBytes', 'inboundPerSecond'] as const;

export function partnerConfigOf(form: PartnerForm): PartnerConfig {
  const limits = Object.fromEntries(
    limitNames.flatMap((name) => (form[name] === undefined ? [] : [[name, form[name]]])),
  );
  const secrets = Object.fromEntries(
    Object.entries(form.secrets).filter(([, references]) => references.length > 0),
  );
  const { partnerId: id, connector: connectorId, endpoint, region, mode, settings } = form;
  return { id, connectorId, endpoint, region, mode, settings, secrets, limits };
}
