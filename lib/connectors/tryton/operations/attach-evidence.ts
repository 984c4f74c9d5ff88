import { z } from 'zod';
import { markOf, notFoundOrThrow } from '../../kit/change';
import { operation } from '../../kit/connector';
import { order } from '../fields';
import { addResource, findResource } from '../resources';

const input = z.object({
  order,
  fileName: z.string().min(1).max(200).describe('File name with its ending'),
  mediaType: z.string().min(3).max(100).describe('Not kept: Tryton goes by the ending of the name'),
  data: z.base64().min(1).describe('The file, base64'),
});
const output = z.object({ order: z.string(), attachmentId: z.string() });

const model = 'ir.attachment';
const domain = (mark: string) => [['description', '=', mark]];

/** `ir.attachment.create` on the sale; its description holds our mark. */
export const attachEvidence = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'attachEvidence',
  title: 'Attach evidence',
  description: 'Attaches a file to a sale, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `ir.attachment/${wanted.order}/${wanted.fileName}`,
  async send(wanted, call) {
    const mark = markOf(call.idempotencyKey);
    const values = {
      name: wanted.fileName,
      type: 'data',
      description: mark,
      data: { __class__: 'bytes', base64: wanted.data },
    };
    const added = await addResource(call, { order: wanted.order, model, domain: domain(mark), values });
    if (!added.ok) return added.refusal;
    const { id, confirmed } = added;
    return { outcome: 'ok', output: { order: wanted.order, attachmentId: id }, confirmed, reference: id };
  },
  async lookUp(wanted, call) {
    const mark = markOf(call.idempotencyKey);
    const found = await findResource(call, { order: wanted.order, model, domain: domain(mark) });
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const { id } = found;
    if (id === undefined) return { found: false };
    return { found: true, output: { order: wanted.order, attachmentId: id }, confirmed: true, reference: id };
  },
});
