import { z } from 'zod';
import { markOf, notFoundOrThrow } from '../../kit/change';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { addResource, findResource, type Sought } from '../resources';

const input = z.object({
  order,
  fileName: z.string().min(1).max(200).describe('File name with its ending'),
  mediaType: z.string().min(3).max(100).describe('Media type, e.g. application/pdf'),
  data: z.base64().min(1).describe('The file, base64'),
});
const output = z.object({ order: z.string(), attachmentId: z.string() });

const sought = (number: string, mark: string): Sought => ({
  order: number,
  model: 'ir.attachment',
  domain: [['description', '=', mark]],
});

/** `ir.attachment.create` on the sales order; its description holds our mark. */
export const attachEvidence = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'attachEvidence',
  title: 'Attach evidence',
  description: 'Attaches a file to a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `ir.attachment/${wanted.order}/${wanted.fileName}`,
  async send(wanted, call) {
    const mark = markOf(call.idempotencyKey);
    const { fileName: name, mediaType: mimetype, data: datas } = wanted;
    const added = await addResource(call, sought(wanted.order, mark), (id) => ({
      model: 'ir.attachment',
      method: 'create',
      args: {
        vals_list: [{ name, mimetype, datas, description: mark, res_model: 'sale.order', res_id: id }],
      },
    }));
    if (!added.ok) return added.refusal;
    const { id, confirmed } = added;
    return { outcome: 'ok', output: { order: wanted.order, attachmentId: id }, confirmed, reference: id };
  },
  async lookUp(wanted, call) {
    const found = await findResource(call, sought(wanted.order, markOf(call.idempotencyKey)));
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const { id } = found;
    if (id === undefined) return { found: false };
    return { found: true, output: { order: wanted.order, attachmentId: id }, confirmed: true, reference: id };
  },
});
