import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { quietly } from '../../kit/outbound';
import { asked, notFoundOrThrow, readEntity, succeeded } from '../entity';
import { order } from '../fields';
import { settingsOf } from '../manifest';
import { refusalOf } from '../outcome';
import { orderPath } from '../schedule-lines';
import { salesOrderTextEntity } from '../schema';
import { Session } from '../session';
import { key } from '../values';

const input = z.object({
  order,
  text: z.string().min(1).max(4000).describe('The note'),
  textType: z
    .string()
    .min(1)
    .max(4)
    .optional()
    .describe("Text type (LongTextID) of this note; the partner's noteTextType when empty"),
  language: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe("Language of the text, two capital letters; the partner's noteLanguage when empty"),
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  textType: z.string(),
  mark: z.string().describe('Mark by which the note is found again'),
});
type Output = z.infer<typeof output>;

/** SAP has no key of ours on a text: the mark at the end of the note tells whether it was posted. */
const markOf = (call: CallContext) => `[RR-${call.idempotencyKey.slice(0, 12)}]`;
const rounds = 3;

interface Text {
  order: string;
  textType: string;
  language: string;
}

/** Which text of the order the note goes into; text types are customising, so one must have been named. */
function textOf(wanted: Input, call: CallContext): Text | undefined {
  const { noteTextType, noteLanguage } = settingsOf(call.settings);
  const textType = wanted.textType ?? noteTextType;
  const language = wanted.language ?? noteLanguage;
  return textType === undefined ? undefined : { order: wanted.order, textType, language };
}

const noTextType = 'no text type is named: set noteTextType of the partner to one that your SAP system has';

const textPath = ({ order, textType, language }: Text) =>
  `/A_SalesOrderText(SalesOrder=${key(order)},Language=${key(language)},LongTextID=${key(textType)})`;

async function readText(session: Session, text: Text, call: CallContext) {
  const read = await readEntity(session, textPath(text), salesOrderTextEntity, call);
  if (read.ok) return { ok: true as const, text: read.entity.state.LongText ?? '', etag: read.entity.etag };
  const { refusal } = read;
  if (refusal.outcome === 'business') return { ok: true as const, text: undefined, etag: undefined };
  return { ok: false as const, refusal };
}

async function post(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const session = new Session(call, 'salesOrder');
  const text = textOf(wanted, call);
  if (text === undefined) return { outcome: 'fatal', message: noTextType };
  const mark = markOf(call);
  const done = { order: wanted.order, textType: text.textType, mark };
  for (let round = 1; ; round += 1) {
    const before = await readText(session, text, call);
    if (!before.ok) return before.refusal;
    if (before.text?.includes(mark)) return { outcome: 'ok', output: done, confirmed: true, reference: mark };
    const note = `${wanted.text} ${mark}`;
    const response =
      before.text === undefined
        ? await session.write(
            'POST',
            `${orderPath(wanted)}/to_Text`,
            { Language: text.language, LongTextID: text.textType, LongText: note },
            undefined,
          )
        : await session.write('PATCH', textPath(text), { LongText: `${before.text}\n${note}` }, before.etag);
    if (response.status === 412 && round < rounds) continue;
    if (!succeeded(response)) return refusalOf(response, asked(call, true));
    const after = await quietly(() => readText(session, text, call));
    const confirmed = after?.ok === true && (after.text?.includes(mark) ?? false);
    return { outcome: 'ok', output: done, confirmed, reference: mark };
  }
}

/** `POST to_Text` or, where the text exists, `PATCH A_SalesOrderText` with the note appended. */
export const postNote = operation<Input, Output>({
  id: 'postNote',
  title: 'Post note',
  description: 'Adds a note to a header text of a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `A_SalesOrderText/${wanted.order}/${wanted.language ?? ''}/${wanted.textType ?? ''}`,
  send: post,
  async lookUp(wanted, call) {
    const text = textOf(wanted, call);
    if (text === undefined) return { found: false };
    const read = await readText(new Session(call, 'salesOrder'), text, call);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    const mark = markOf(call);
    if (!read.text?.includes(mark)) return { found: false };
    return {
      found: true,
      output: { order: wanted.order, textType: text.textType, mark },
      confirmed: true,
      reference: mark,
    };
  },
});
