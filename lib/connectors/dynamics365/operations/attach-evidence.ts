import { z } from 'zod';
import { markOf } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { type Added, add, lookUp } from '../attachments';
import { order } from '../fields';
import { settingsOf } from '../manifest';

const input = z.object({
  order,
  fileName: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[^\\/]+\.\w{1,10}$/, 'a file name with its extension')
    .describe('Name with its extension, by which Dynamics 365 knows the type of the file'),
  mediaType: z.string().min(3).max(100).describe('Not kept: the extension of the file says it'),
  data: z.base64().min(1).describe('Base64'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  attachmentId: z.string().describe('DocumentId, empty while it does not show'),
});
type Output = z.infer<typeof output>;

function fileOf(wanted: Input, call: CallContext): Added<Output> {
  const dot = wanted.fileName.lastIndexOf('.');
  return {
    order: wanted.order,
    mark: markOf(call.idempotencyKey),
    values: {
      DocumentAttachmentTypeCode: settingsOf(call.settings).fileType,
      FileName: wanted.fileName.slice(0, dot),
      FileType: wanted.fileName.slice(dot + 1),
      Attachment: wanted.data,
    },
    output: (attachmentId) => ({ order: wanted.order, attachmentId }),
  };
}

/** `POST SalesOrderHeaderDocumentAttachmentsV2` of the document type for files, with its content. */
export const attachEvidence = operation<Input, Output>({
  id: 'attachEvidence',
  title: 'Attach file',
  description: 'Attaches a file to a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  rateLimitHeaders: ['retry-after'],
  input,
  output,
  target: (wanted) => `SalesOrderHeaders/${wanted.order}/${wanted.fileName}`,
  send: (wanted, call) => add(call, fileOf(wanted, call)),
  lookUp: (wanted, call) => lookUp(call, fileOf(wanted, call)),
});
