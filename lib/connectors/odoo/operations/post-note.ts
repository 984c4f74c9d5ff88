import { z } from 'zod';
import { markOf, notFoundOrThrow } from '../../kit/change';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { addResource, findResource, type Sought } from '../resources';

const input = z.object({ order, text: z.string().min(1).max(4000).describe('The note') });
const output = z.object({
  order: z.string(),
  mark: z.string().describe('Mark by which the note is found again'),
});

const sought = (number: string, mark: string): Sought => ({
  order: number,
  model: 'mail.message',
  domain: [['body', 'ilike', mark]],
});

/** `sale.order.message_post` as an internal note (`mail.mt_note`), which goes to no customer. */
export const postNote = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'postNote',
  title: 'Post note',
  description: 'Adds an internal note to a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `sale.order/${wanted.order}/note`,
  async send(wanted, call) {
    const mark = markOf(call.idempotencyKey);
    const added = await addResource(call, sought(wanted.order, mark), (id) => ({
      model: 'sale.order',
      method: 'message_post',
      ids: [id],
      args: {
        body: `${wanted.text} [${mark}]`,
        message_type: 'comment',
        subtype_xmlid: 'mail.mt_note',
      },
    }));
    if (!added.ok) return added.refusal;
    const { confirmed } = added;
    return { outcome: 'ok', output: { order: wanted.order, mark }, confirmed, reference: mark };
  },
  async lookUp(wanted, call) {
    const mark = markOf(call.idempotencyKey);
    const found = await findResource(call, sought(wanted.order, mark));
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (found.id === undefined) return { found: false };
    return { found: true, output: { order: wanted.order, mark }, confirmed: true, reference: mark };
  },
});
