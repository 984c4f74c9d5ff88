import { z } from 'zod';
import { operation } from '../../kit/connector';
import { foundOrThrow, tell } from '../../kit/partner-rest';
import { type Ticket, ticket } from '../schema';
import { searchTicket } from '../search';

const input = z.object({
  externalKey: z
    .string()
    .min(1)
    .max(200)
    .describe('Key under which the ticket is found again, normally the case id'),
  subject: z.string().min(1).max(500).describe('One line'),
  description: z
    .string()
    .max(20_000)
    .optional()
    .describe('What happened and what is being done; the subject when empty'),
  priority: z.enum(['LOW', 'NORMAL', 'HIGH', 'URGENT']).default('NORMAL').describe('Priority in the desk'),
  orderNumber: z.string().max(200).optional().describe('Order it is about'),
  exceptionCode: z.string().max(100).optional().describe('Exception code of the case'),
  link: z.url().optional().describe('Where the case is shown'),
});
type Input = z.infer<typeof input>;

/** `GET /tickets?externalKey=` first, `POST /tickets` only when there is none. */
export const openCase = operation<Input, Ticket>({
  id: 'openCase',
  title: 'Open service case',
  description: 'Opens a ticket in the service desk, or joins the one that exists under the same key.',
  kind: 'desk',
  safety: 'reconcilable',
  input,
  output: ticket,
  target: (wanted) => `tickets/${wanted.externalKey}`,
  async send(wanted, call) {
    const existing = await searchTicket(wanted.externalKey, call);
    if (!existing.ok) return existing.refusal;
    if (existing.value !== undefined) {
      return { outcome: 'ok', output: existing.value, confirmed: true, reference: existing.value.id };
    }
    const json = { ...wanted, description: wanted.description ?? wanted.subject };
    const made = await tell(call, { method: 'POST', path: '/tickets', json }, ticket);
    if (made.ok) return { outcome: 'ok', output: made.value, confirmed: true, reference: made.value.id };
    const { refusal } = made;
    if (!('vendorCode' in refusal) || refusal.vendorCode !== 'DUPLICATE_EXTERNAL_KEY') return refusal;
    const other = await searchTicket(wanted.externalKey, call);
    if (!other.ok) return other.refusal;
    if (other.value === undefined)
      return { outcome: 'retryable', message: 'the desk knows the key but does not find its ticket yet' };
    return { outcome: 'ok', output: other.value, confirmed: true, reference: other.value.id };
  },
  async lookUp(wanted, call) {
    const found = foundOrThrow(await searchTicket(wanted.externalKey, call));
    return found === undefined
      ? { found: false }
      : { found: true, output: found, confirmed: true, reference: found.id };
  },
  undo: {
    operation: 'resolve',
    input: (_wanted, made) => ({ ticketId: made.id, note: 'Opened in error and taken back.' }),
  },
});
