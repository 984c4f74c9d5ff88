import { z } from 'zod';
import { commonFields, durationUnit, optionalNumber, optionalText, requiredText } from '../common/config';

export const replayForm = z.object({
  ...commonFields,
  reason: requiredText('say why it is replayed: it goes into the audit trail'),
  mode: z.enum(['preview', 'live'], 'choose preview or live').default('preview'),
  partner: optionalText,
  deadLetterReason: optionalText,
  fingerprint: optionalText,
  /** Only dead letters younger than this. */
  sinceAmount: optionalNumber('must be a number above 0'),
  sinceUnit: durationUnit.default('hours'),
});

/** `msg.filter`, where a message narrows or replaces the form's. `since` is RFC 3339 or epoch milliseconds. */
export const filterMessage = z.strictObject({
  partner: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
  fingerprint: z.string().min(1).optional(),
  since: z
    .union([
      z.number().int().nonnegative(),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ])
    .optional(),
  ids: z.array(z.string().min(1)).min(1).optional(),
});
