import { z } from 'zod';
import { type PartnerConfig, partnerModes } from '../../lib/engine/api';
import { commonFields, listOf, optionalNumber, optionalText, requiredText } from '../common/config';

/** `env:NAME` or `file:PATH`: where a secret is read from. The value itself never stands in a flow file. */
export const secretReference = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/;

const references = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .refine(
    (parts) => parts.every((part) => secretReference.test(part)),
    'must be a reference like env:NAME or file:PATH, never the secret itself',
  );

const optionalNotNegative = (sentence: string) =>
  z.preprocess(
    (value) => (value === '' || value === null ? undefined : Number(value)),
    z.number(sentence).min(0, sentence).optional(),
  );

/** A folder below the endpoint; a leading slash or dots would lead out of it. */
const folderName = optionalText.refine(
  (text) => text === '' || text.split('/').every((part) => /^[^.\\\s][^\\]*$/.test(part)),
  'must be a folder below the endpoint, like in or edi/in',
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
  /** Trade lane that it serves: partners of one lane are compared. */
  lane: optionalText,
  overrides: listOf(
    z.strictObject({ set: requiredText('say which field is set'), to: requiredText('give an expression') }),
  ),
  /** How long silence about its shipments is normal; empty fields are the defaults. */
  deliveryGraceHours: optionalNumber('must be hours above 0'),
  stalledAfterHours: optionalNumber('must be hours above 0'),
  pickupGraceHours: optionalNumber('must be hours above 0'),
  firstScanHours: optionalNumber('must be hours above 0'),
  receiptGraceHours: optionalNumber('must be hours above 0'),
  /** Whether its feed, shipments or inbox are fetched. */
  fetchEnabled: z.boolean().default(true),
  fetchMinSeconds: optionalNumber('must be seconds above 0'),
  fetchMaxSeconds: optionalNumber('must be seconds above 0'),
  lookBackHours: optionalNumber('must be hours above 0'),
  forgetAfterDays: optionalNumber('must be days above 0'),
  /** Carriers whose numbers are asked for besides, separated by commas. */
  carriers: optionalText,
  settleSeconds: optionalNotNegative('must be seconds, 0 or more'),
  inbox: folderName,
  outbox: folderName,
  doneFolder: folderName,
  rejectedFolder: folderName,
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
  const { partnerId: id, connector: connectorId, endpoint, region, mode, settings, overrides } = form;
  return {
    ...{ id, connectorId, endpoint, region, mode, settings, secrets, limits, overrides },
    ...(form.lane === '' ? {} : { lane: form.lane }),
    ...patienceOf(form),
    fetch: fetchOf(form),
    folders: foldersOf(form),
  };
}

function patienceOf(form: PartnerForm): Pick<PartnerConfig, 'patience'> {
  const patience = defined({
    deliveryGraceMs: hours(form.deliveryGraceHours),
    stalledAfterMs: hours(form.stalledAfterHours),
    pickupGraceMs: hours(form.pickupGraceHours),
    firstScanMs: hours(form.firstScanHours),
    receiptGraceMs: hours(form.receiptGraceHours),
  });
  return Object.keys(patience).length === 0 ? {} : { patience };
}

function fetchOf(form: PartnerForm): NonNullable<PartnerConfig['fetch']> {
  const given = {
    minMs: milliseconds(form.fetchMinSeconds),
    maxMs: milliseconds(form.fetchMaxSeconds),
    settleMs: milliseconds(form.settleSeconds),
    lookBackHours: form.lookBackHours,
    forgetAfterDays: form.forgetAfterDays,
  };
  const carriers = form.carriers.split(/[\s,]+/).filter((name) => name !== '');
  return { enabled: form.fetchEnabled, ...defined(given), ...(carriers.length === 0 ? {} : { carriers }) };
}

function foldersOf(form: PartnerForm): NonNullable<PartnerConfig['folders']> {
  const { inbox, outbox, doneFolder, rejectedFolder } = form;
  const done = doneFolder || (inbox && `${inbox}/done`);
  const rejected = rejectedFolder || (inbox && `${inbox}/rejected`);
  const given = { inbox, outbox, done, rejected };
  return Object.fromEntries(Object.entries(given).filter(([, name]) => name !== ''));
}

const hours = (amount: number | undefined): number | undefined =>
  amount === undefined ? undefined : Math.round(amount * 3_600_000);

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.round(seconds * 1000);

function defined<T extends Record<string, number | undefined>>(values: T): { [Name in keyof T]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: number;
  };
}
