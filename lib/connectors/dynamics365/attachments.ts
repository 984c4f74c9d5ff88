/**
 * Notes and files of an order's header: one entity, told apart by their document type. `Attachment` is the content (Edm.Binary); a mark of
 * ours in `AttachmentDescription` finds a record again. Names as `$metadata` of an environment gives them.
 */
import { z } from 'zod';
import { notFoundOrThrow, type Read, type Refusal } from '../kit/change';
import type { CallContext, LookUpResult, OperationResult } from '../kit/connector';
import { quietly } from '../kit/outbound';
import { quoted, refusalOf, sendD365 } from './client';
import { settingsOf } from './manifest';
import { filtered, get, readHeader, records } from './orders';

const attachmentRecord = z.looseObject({
  DocumentId: z.string(),
  AttachmentDescription: z.string().nullish(),
  Notes: z.string().nullish(),
});
export type Attachment = z.infer<typeof attachmentRecord>;

/** Without the contents, which may be large. */
const shown = '&$select=DocumentId,AttachmentDescription,Notes';

const ofOrder = (call: CallContext, order: string) =>
  filtered(call, settingsOf(call.settings).attachmentEntity, 'SalesOrderNumber', order);

async function list(call: CallContext, path: string): Promise<Read<Attachment[]>> {
  const read = await get(call, path + shown, records(attachmentRecord));
  return read.ok ? { ok: true, state: read.state.value } : read;
}

export const attachmentsOf = (call: CallContext, order: string) => list(call, ofOrder(call, order));

async function marked(call: CallContext, order: string, mark: string): Promise<Read<Attachment | undefined>> {
  const condition = `%20and%20AttachmentDescription%20eq%20${quoted(mark)}`;
  const found = await list(call, ofOrder(call, order) + condition);
  return found.ok ? { ok: true, state: found.state[0] } : found;
}

export interface Added<O> {
  order: string;
  mark: string;
  values: Readonly<Record<string, unknown>>;
  output(documentId: string): O;
}

/** Adds the record unless one with our mark is there, and reads it back. An order that does not exist would keep it too: it is read first. */
export async function add<O>(call: CallContext, wanted: Added<O>): Promise<OperationResult<O>> {
  const { order, mark } = wanted;
  const header = await readHeader(call, order);
  if (!header.ok) return header.refusal;
  const before = await marked(call, order, mark);
  if (!before.ok) return before.refusal;
  if (before.state !== undefined) return shownAs(wanted, before.state, true);
  const refused = await create(call, wanted);
  if (refused !== undefined) return refused;
  const after = await quietly(() => marked(call, order, mark));
  const found = after?.ok ? after.state : undefined;
  return shownAs(wanted, found, found !== undefined);
}

async function create<O>(call: CallContext, { order, mark, values }: Added<O>): Promise<Refusal | undefined> {
  const { attachmentEntity, legalEntity } = settingsOf(call.settings);
  const record = { dataAreaId: legalEntity, SalesOrderNumber: order, AttachmentDescription: mark, ...values };
  const path = `/data/${attachmentEntity}?cross-company=true`;
  const response = await sendD365(call, { method: 'POST', path, json: record });
  return response.status < 300 ? undefined : refusalOf(response, call, true);
}

function shownAs<O>(
  { mark, output }: Added<O>,
  found: Attachment | undefined,
  confirmed: boolean,
): OperationResult<O> {
  return { outcome: 'ok', output: output(found?.DocumentId ?? ''), confirmed, reference: mark };
}

export async function lookUp<O>(call: CallContext, wanted: Added<O>): Promise<LookUpResult<O>> {
  const found = await marked(call, wanted.order, wanted.mark);
  if (!found.ok) return notFoundOrThrow(found.refusal);
  if (found.state === undefined) return { found: false };
  const output = wanted.output(found.state.DocumentId);
  return { found: true, output, confirmed: true, reference: wanted.mark };
}
