/** Building blocks of node forms. The editor stores numbers as text and leaves untouched fields empty: these read both. */
import { z } from 'zod';
import { FatalError } from '../../lib/model/errors';
import { type Migration, migrate, type Properties } from './migrate';

/** What every node has besides its own fields. */
export const commonFields = { name: z.string().default(''), version: z.number().default(1) };

export const requiredText = (sentence: string) => z.string(sentence).trim().min(1, sentence);
export const optionalText = z.string().trim().default('');

/** A number field that may be empty. */
export const optionalNumber = (sentence: string) =>
  z.preprocess(
    (value) => (value === '' || value === null ? undefined : Number(value)),
    z.number(sentence).positive(sentence).optional(),
  );

export const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (value === '' || value === undefined ? [] : value), z.array(item));

export const durationUnits = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type DurationUnit = keyof typeof durationUnits;
export const durationUnit = z.enum(Object.keys(durationUnits) as [DurationUnit, ...DurationUnit[]]);

/** A form's amount and unit in milliseconds. */
export function durationMs(amount: number, unit: DurationUnit): number {
  return Math.round(amount * durationUnits[unit]);
}

/**
 * Reads a node's properties at construction: migrated to the current version, then checked.
 * @throws FatalError NODE_MISCONFIGURED with one sentence a wrong field, NODE_TOO_NEW
 */
export function parseForm<F>(
  properties: Properties,
  form: z.ZodType<F>,
  migrations: readonly Migration[],
): F {
  const parsed = form.safeParse(migrate(properties, migrations));
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  throw new FatalError('NODE_MISCONFIGURED', `the node is not configured: ${sentences.join('; ')}`, {
    hint: 'Open the node, correct the marked fields and deploy.',
  });
}
