import { z } from 'zod';
import { markOf } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { type Added, add, lookUp } from '../attachments';
import { order } from '../fields';
import { settingsOf } from '../manifest';

const input = z.object({ order, text: z.string().min(1).max(4000).describe('The note') });
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  mark: z.string().describe('Mark by which the note is found again'),
  noteId: z.string().describe('DocumentId, empty while it does not show'),
});
type Output = z.infer<typeof output>;

function noteOf(wanted: Input, call: CallContext): Added<Output> {
  const mark = markOf(call.idempotencyKey);
  return {
    order: wanted.order,
    mark,
    values: { DocumentAttachmentTypeCode: settingsOf(call.settings).noteType, Notes: wanted.text },
    output: (noteId) => ({ order: wanted.order, mark, noteId }),
  };
}

/** `POST SalesOrderHeaderDocumentAttachmentsV2` of the document type for notes. */
export const postNote = operation<Input, Output>({
  id: 'postNote',
  title: 'Post note',
  description: 'Adds a note to a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  rateLimitHeaders: ['retry-after'],
  input,
  output,
  target: (wanted) => `SalesOrderHeaders/${wanted.order}/note`,
  send: (wanted, call) => add(call, noteOf(wanted, call)),
  lookUp: (wanted, call) => lookUp(call, noteOf(wanted, call)),
});
