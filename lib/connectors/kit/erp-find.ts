/** Finding orders by the ERP's number or by the customer's own: what is asked, and what an unknown number means. */
import { z } from 'zod';
import type { Read } from './change';

export const findOrderInput = z
  .object({
    order: z.string().min(1).max(60).optional().describe('Sales order number in the ERP, where it is known'),
    customerReference: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("The customer's own order number, where the ERP's is not known"),
  })
  .refine((wanted) => wanted.order !== undefined || wanted.customerReference !== undefined, {
    message: 'name the order or the customer reference',
    path: ['order'],
  });
export type FindOrderInput = z.infer<typeof findOrderInput>;

/** For the effect's key. */
export const soughtOrder = ({ order, customerReference }: FindOrderInput): string =>
  order ?? `by/${customerReference}`;

/** An order that was read by its number, as a list: one that does not exist is none. */
export function oneOrNone<T>(read: Read<T>): Read<T[]> {
  if (read.ok) return { ok: true, state: [read.state] };
  const { refusal } = read;
  const none = refusal.outcome === 'business' && refusal.code === 'IDENTIFIER_UNRESOLVED';
  return none ? { ok: true, state: [] } : read;
}
