import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { quietly } from '../../kit/outbound';
import { asked, notFoundOrThrow, succeeded } from '../entity';
import { order } from '../fields';
import { settingsOf } from '../manifest';
import { refusalOf } from '../outcome';
import { type AttachmentEntity, attachmentEntity, many, one } from '../schema';
import { Session } from '../session';
import { key } from '../values';

const input = z.object({
  order,
  fileName: z.string().min(1).max(200).describe('File name with its ending'),
  mediaType: z.string().min(3).max(100).describe('Media type, e.g. application/pdf'),
  data: z.base64().min(1).describe('The file, base64'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  attachmentId: z.string().describe('Document of the attachment in SAP'),
  fileName: z.string().describe('Name in SAP: ours, with a mark by which it is found again'),
});
type Output = z.infer<typeof output>;

/** SAP keeps no key of ours: the mark at the head of the file name tells whether the file was attached. */
const markOf = (call: CallContext) => `RR-${call.idempotencyKey.slice(0, 12)}`;
const nameOf = (wanted: Input, call: CallContext) => `${markOf(call)}-${wanted.fileName}`;

/** An order number is ten digits where SAP uses it as an object key. */
const objectKey = (wanted: Input) => wanted.order.padStart(10, '0');

const idOf = (found: AttachmentEntity) =>
  [found.LogicalDocument, found.ArchiveDocumentID, found.DocumentInfoRecordDocNumber].find(Boolean) ?? '';

async function find(session: Session, wanted: Input, call: CallContext) {
  const { attachmentObjectType } = settingsOf(call.settings);
  const response = await session.read(
    `/GetAllOriginals?BusinessObjectTypeName=${key(attachmentObjectType)}&LinkedSAPObjectKey=${key(objectKey(wanted))}`,
  );
  if (response.status !== 200)
    return { ok: false as const, refusal: refusalOf(response, asked(call, false)) };
  const parsed = many(attachmentEntity).safeParse(response.json());
  if (!parsed.success) {
    const message = 'SAP answered with something that is no list of attachments';
    return { ok: false as const, refusal: { outcome: 'fatal', message } as const };
  }
  const found = parsed.data.d.results.find((one) => one.FileName?.startsWith(markOf(call)));
  return { ok: true as const, found };
}

const outputOf = (wanted: Input, found: AttachmentEntity, call: CallContext): Output => ({
  order: wanted.order,
  attachmentId: idOf(found),
  fileName: found.FileName || nameOf(wanted, call),
});

async function attach(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const session = new Session(call, 'attachment');
  const before = await find(session, wanted, call);
  if (!before.ok) return before.refusal;
  const adopted = (found: AttachmentEntity) =>
    ({
      outcome: 'ok',
      output: outputOf(wanted, found, call),
      confirmed: true,
      reference: idOf(found),
    }) as const;
  if (before.found !== undefined) return adopted(before.found);
  const response = await session.upload('/AttachmentContentSet', Buffer.from(wanted.data, 'base64'), {
    'content-type': wanted.mediaType,
    // Header values are ASCII; SAP decodes the percent signs.
    slug: encodeURIComponent(nameOf(wanted, call)),
    businessobjecttypename: settingsOf(call.settings).attachmentObjectType,
    linkedsapobjectkey: objectKey(wanted),
  });
  if (!succeeded(response)) return refusalOf(response, asked(call, true));
  const after = await quietly(() => find(session, wanted, call));
  if (after?.ok && after.found !== undefined) return adopted(after.found);
  const created = one(attachmentEntity).safeParse(response.json());
  return {
    outcome: 'ok',
    output: outputOf(wanted, created.success ? created.data.d : {}, call),
    confirmed: false,
  };
}

/** `POST AttachmentContentSet` of API_CV_ATTACHMENT_SRV (https://api.sap.com/api/API_CV_ATTACHMENT_SRV/overview), found by `GetAllOriginals`. */
export const attachEvidence = operation<Input, Output>({
  id: 'attachEvidence',
  title: 'Attach evidence',
  description: 'Attaches a file to a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `AttachmentContentSet/${wanted.order}/${wanted.fileName}`,
  send: attach,
  async lookUp(wanted, call) {
    const read = await find(new Session(call, 'attachment'), wanted, call);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    if (read.found === undefined) return { found: false };
    return {
      found: true,
      output: outputOf(wanted, read.found, call),
      confirmed: true,
      reference: idOf(read.found),
    };
  },
});
