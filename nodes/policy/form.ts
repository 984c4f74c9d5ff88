import { z } from 'zod';
import { manualOutcome, type PolicyTable, policyTable } from '../../lib/model/policy';
import { commonFields } from '../common/config';

export const policyForm = z.object({
  ...commonFields,
  table: policyTable,
  /** Input name -> JSONata over the message. An input may be a value or `{ value, observedAt }`. */
  expressions: z.record(z.string(), z.string()).default({}),
  /** How many outputs the node is drawn with; follows from the table. */
  outputs: z.coerce.number().int().min(1).optional(),
});
export type PolicyForm = z.infer<typeof policyForm>;

/** One output a distinct outcome, as the rows name them from the top; a person's is always there and always the last. */
export function outcomesOf({ rows }: Pick<PolicyTable, 'rows'>): string[] {
  const named = rows.map(({ then }) => String(then.outcome)).filter((outcome) => outcome !== manualOutcome);
  return [...new Set(named), manualOutcome];
}
