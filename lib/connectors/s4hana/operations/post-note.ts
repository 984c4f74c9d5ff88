import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { quietly } from '../../kit/outbound';
import { asked, notFoundOrThrow, readEntity, succeeded } from '../entity';
import { salesOrder } from '../fields';
import { refusalOf } from '../outcome';
import { salesOrderTextEntity } from '../schema';
import { Session } from '../session';
import { key } from '../values';

const input = z.object({
  salesOrder,
  text: z.string().min(1).max(4000).describe('The note'),
  textId: z.string().min(1).max(4).describe('Text type (LongTextID) as customised in your system'),
  language: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('EN')
    .describe('Language of the text, two capital letters'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  salesOrder: z.string(),
  textId: z.string(),
  mark: z.string().describe('Mark by which the note is found again'),
});
type Output = z.infer<typeof output>;

/** SAP has no key of ours on a text: the mark at the end of the note tells whether it was posted. */
const markOf = (call: CallContext) => `[RR-${call.idempotencyKey.slice(0, 12)}]`;
const rounds = 3;

const textPath = (wanted: Input) =>
  `/A_SalesOrderText(SalesOrder=${key(wanted.salesOrder)},Language=${key(wanted.language)},LongTextID=${key(wanted.textId)})`;

async function readText(session: Session, wanted: Input, call: CallContext) {
  const read = await readEntity(session, textPath(wanted), salesOrderTextEntity, call);
  if (read.ok) return { ok: true as const, text: read.entity.state.LongText ?? '', etag: read.entity.etag };
  const { refusal } = read;
  if (refusal.outcome === 'business') return { ok: true as const, text: undefined, etag: undefined };
  return { ok: false as const, refusal };
}

async function post(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const session = new Session(call, 'salesOrder');
  const mark = markOf(call);
  const done = { salesOrder: wanted.salesOrder, textId: wanted.textId, mark };
  for (let round = 1; ; round += 1) {
    const before = await readText(session, wanted, call);
    if (!before.ok) return before.refusal;
    if (before.text?.includes(mark)) return { outcome: 'ok', output: done, confirmed: true, reference: mark };
    const note = `${wanted.text} ${mark}`;
    const response =
      before.text === undefined
        ? await session.write(
            'POST',
            `/A_SalesOrder(${key(wanted.salesOrder)})/to_Text`,
            { Language: wanted.language, LongTextID: wanted.textId, LongText: note },
            undefined,
          )
        : await session.write(
            'PATCH',
            textPath(wanted),
            { LongText: `${before.text}\n${note}` },
            before.etag,
          );
    if (response.status === 412 && round < rounds) continue;
    if (!succeeded(response)) return refusalOf(response, asked(call, true));
    const after = await quietly(() => readText(session, wanted, call));
    const confirmed = after?.ok === true && (after.text?.includes(mark) ?? false);
    return { outcome: 'ok', output: done, confirmed, reference: mark };
  }
}

/** `POST to_Text` or, where the text exists, `PATCH A_SalesOrderText` with the note appended. */
export const postNote = operation<Input, Output>({
  id: 'postNote',
  title: 'Post note',
  description: 'Adds a note to the header text of a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `A_SalesOrderText/${wanted.salesOrder}/${wanted.language}/${wanted.textId}`,
  send: post,
  async lookUp(wanted, call) {
    const read = await readText(new Session(call, 'salesOrder'), wanted, call);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    const mark = markOf(call);
    if (!read.text?.includes(mark)) return { found: false };
    return {
      found: true,
      output: { salesOrder: wanted.salesOrder, textId: wanted.textId, mark },
      confirmed: true,
      reference: mark,
    };
  },
});
