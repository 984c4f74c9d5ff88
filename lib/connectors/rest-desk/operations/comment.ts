import { z } from 'zod';
import { type CallContext, operation } from '../../kit/connector';
import { ask, foundOrThrow, segment, tell } from '../../kit/partner-rest';
import { type Comment, comment as commentSchema, comments } from '../schema';

const input = z.object({
  ticketId: z.string().min(1).max(200).describe('Ticket to comment on'),
  body: z.string().min(1).max(20_000).describe('The comment'),
  internal: z.boolean().default(true).describe('False shows it to the customer'),
});
type Input = z.infer<typeof input>;

const path = (wanted: Input) => `/tickets/${segment(wanted.ticketId)}/comments`;
const search = (wanted: Input, call: CallContext) =>
  ask(call, `${path(wanted)}?externalKey=${call.idempotencyKey}`, comments);
const ours = (items: readonly Comment[], call: CallContext) =>
  items.find((one) => one.externalKey === call.idempotencyKey);

/** `POST /tickets/{id}/comments` under our key, after a search for it. */
export const comment = operation<Input, Comment>({
  id: 'comment',
  title: 'Comment',
  description: 'Adds a comment to a ticket, once.',
  kind: 'desk',
  safety: 'reconcilable',
  input,
  output: commentSchema,
  target: (wanted) => `tickets/${wanted.ticketId}/comments`,
  async send(wanted, call) {
    const existing = await search(wanted, call);
    if (!existing.ok) return existing.refusal;
    const found = ours(existing.value.items, call);
    if (found !== undefined) return { outcome: 'ok', output: found, confirmed: true, reference: found.id };
    const json = { externalKey: call.idempotencyKey, body: wanted.body, internal: wanted.internal };
    const made = await tell(call, { method: 'POST', path: path(wanted), json }, commentSchema);
    if (!made.ok) return made.refusal;
    return { outcome: 'ok', output: made.value, confirmed: true, reference: made.value.id };
  },
  async lookUp(wanted, call) {
    const answer = foundOrThrow(await search(wanted, call));
    const found = ours(answer?.items ?? [], call);
    return found === undefined
      ? { found: false }
      : { found: true, output: found, confirmed: true, reference: found.id };
  },
});
