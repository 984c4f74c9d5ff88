/** Resolving and reopening a ticket are one call each that leads to a state; doing it twice changes nothing. */
import { z } from 'zod';
import { type Operation, operation } from '../kit/connector';
import { ask, foundOrThrow, segment, tell } from '../kit/partner-rest';
import { type Ticket, ticket } from './schema';

const input = z.object({
  ticketId: z.string().min(1).max(200).describe('Ticket'),
  note: z.string().max(4000).default('').describe('What was done, for the record'),
});
type Input = z.infer<typeof input>;

export function stateOperation(definition: {
  id: 'resolve' | 'reopen';
  title: string;
  description: string;
  reached(state: Ticket['state']): boolean;
  undo: 'resolve' | 'reopen';
}): Operation {
  const { id, title, description, reached } = definition;
  return operation<Input, Ticket>({
    id,
    title,
    description,
    kind: 'desk',
    safety: 'reconcilable',
    input,
    output: ticket,
    target: (wanted) => `tickets/${wanted.ticketId}/${id}`,
    async send(wanted, call) {
      const path = `/tickets/${segment(wanted.ticketId)}/${id}`;
      const answer = await tell(call, { method: 'POST', path, json: { note: wanted.note } }, ticket);
      if (!answer.ok) return answer.refusal;
      return {
        outcome: 'ok',
        output: answer.value,
        confirmed: reached(answer.value.state),
        reference: answer.value.id,
      };
    },
    async lookUp(wanted, call) {
      const found = foundOrThrow(await ask(call, `/tickets/${segment(wanted.ticketId)}`, ticket));
      if (found === undefined || !reached(found.state)) return { found: false };
      return { found: true, output: found, confirmed: true, reference: found.id };
    },
    undo: {
      operation: definition.undo,
      input: (wanted) => ({ ticketId: wanted.ticketId, note: 'Taken back.' }),
    },
  });
}
