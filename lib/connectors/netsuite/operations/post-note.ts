import { z } from 'zod';
import { bringAbout, type Change, lookUpState, markOf } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { patch } from '../client';
import { order } from '../fields';
import { type Order, readOrderNumbered } from '../orders';

/** NetSuite's memo of a transaction holds this many characters. */
const memoLength = 4000;

const input = z.object({ order, text: z.string().min(1).max(memoLength).describe('The note') });
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  mark: z.string().describe('Mark by which the note is found again'),
});
type Output = z.infer<typeof output>;

function changeOf(wanted: Input, call: CallContext): Change<Order, Output> {
  const mark = markOf(call.idempotencyKey);
  const withNote = (memo = '') => `${memo === '' ? '' : `${memo}\n`}${wanted.text} [${mark}]`;
  return {
    read: () => readOrderNumbered(call, wanted.order),
    intended: ({ memo }) => memo?.includes(mark) ?? false,
    refuse: ({ memo }) =>
      withNote(memo).length > memoLength
        ? `the memo of sales order ${wanted.order} has no room left`
        : undefined,
    write: ({ id, memo }) => patch(call, `/salesOrder/${encodeURIComponent(id)}`, { memo: withNote(memo) }),
    output: () => ({ order: wanted.order, mark }),
    reference: mark,
  };
}

/** `PATCH salesOrder` with the note appended to `memo`. */
export const postNote = operation<Input, Output>({
  id: 'postNote',
  title: 'Post note',
  description: 'Adds a note to the memo of a sales order, once.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}/memo`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
});
