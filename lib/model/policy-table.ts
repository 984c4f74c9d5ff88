/**
 * Policies: versioned decision tables, first hit, whose cells are FEEL unary tests (OMG DMN 1.5, FEEL grammar: `>= 0.5`,
 * `[1..3)`, `"A", "B"`, `not("A")`, `-`).
 */
import { z } from 'zod';

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/);

export const policyInput = z
  .strictObject({
    name,
    type: z.enum(['number', 'string', 'boolean', 'enum']),
    /** Of an enum. */
    values: z.array(z.string().max(100)).min(1).max(100).optional(),
    /** Smallest and largest value of a number; what lies outside is not a value. */
    min: z.number().optional(),
    max: z.number().optional(),
    /** An input that may be absent is `null` in its tests. */
    required: z.boolean().default(true),
    /** A value that was observed longer ago than this counts as missing. */
    maxAgeMinutes: z.number().positive().optional(),
    description: z.string().max(500).optional(),
  })
  .refine(({ type, values }) => (type === 'enum') === (values !== undefined), {
    message: 'an enum, and only an enum, has values',
  });

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const policyRow = z.strictObject({
  /** Input name to FEEL unary test; an input that is not named matches anything. */
  when: z.record(z.string(), z.string().max(500)),
  /** Output name to value; `outcome` is always one of them. */
  then: z
    .record(z.string(), scalar)
    .refine((then) => typeof then.outcome === 'string', { message: 'a row says its outcome' }),
  note: z.string().max(500).optional(),
});

export const policyTable = z.strictObject({
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(50),
  title: z.string().max(200).optional(),
  inputs: z.array(policyInput).min(1).max(30),
  outputs: z
    .array(
      z.strictObject({
        name,
        values: z.array(z.string()).optional(),
        description: z.string().max(500).optional(),
      }),
    )
    .min(1)
    .max(30),
  rows: z.array(policyRow).min(1).max(500),
  hitPolicy: z.literal('FIRST').default('FIRST'),
});
export type PolicyTable = z.infer<typeof policyTable>;
export type PolicyInput = z.infer<typeof policyInput>;
