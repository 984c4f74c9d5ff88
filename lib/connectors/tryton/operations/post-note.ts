import { z } from 'zod';
import { markOf, notFoundOrThrow } from '../../kit/change';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { addResource, findResource } from '../resources';

const input = z.object({ order, text: z.string().min(1).max(4000).describe('The note') });
const output = z.object({
  order: z.string(),
  mark: z.string().describe('Mark by which the note is found again'),
  noteId: z.string(),
});

const model = 'ir.note';
const domain = (mark: string) => [['message', 'like', `%[${mark}]`]];

/** `ir.note.create` on the sale; the mark at its end finds it again. */
export const postNote = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'postNote',
  title: 'Post note',
  description: 'Adds a note to a sale, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `ir.note/${wanted.order}`,
  async send(wanted, call) {
    const mark = markOf(call.idempotencyKey);
    const values = { message: `${wanted.text} [${mark}]` };
    const added = await addResource(call, { order: wanted.order, model, domain: domain(mark), values });
    if (!added.ok) return added.refusal;
    const { id, confirmed } = added;
    return { outcome: 'ok', output: { order: wanted.order, mark, noteId: id }, confirmed, reference: id };
  },
  async lookUp(wanted, call) {
    const mark = markOf(call.idempotencyKey);
    const found = await findResource(call, { order: wanted.order, model, domain: domain(mark) });
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const { id } = found;
    if (id === undefined) return { found: false };
    return { found: true, output: { order: wanted.order, mark, noteId: id }, confirmed: true, reference: id };
  },
});
