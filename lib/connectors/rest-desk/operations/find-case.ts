import { z } from 'zod';
import { operation } from '../../kit/connector';
import { type Ticket, ticket } from '../schema';
import { searchTicket } from '../search';

const input = z.object({
  externalKey: z.string().min(1).max(200).describe('Key under which the ticket was opened'),
});
const output = z.object({ ticket: ticket.nullable().describe('None when there is no ticket under the key') });

/** `GET /tickets?externalKey=`. */
export const findCase = operation<z.infer<typeof input>, { ticket: Ticket | null }>({
  id: 'findCase',
  title: 'Find service case',
  description: 'Finds the ticket that was opened under a key.',
  kind: 'desk',
  safety: 'read',
  input,
  output,
  target: ({ externalKey }) => `tickets/${externalKey}`,
  async send({ externalKey }, call) {
    const found = await searchTicket(externalKey, call);
    if (!found.ok) return found.refusal;
    return { outcome: 'ok', output: { ticket: found.value ?? null }, confirmed: true };
  },
});
