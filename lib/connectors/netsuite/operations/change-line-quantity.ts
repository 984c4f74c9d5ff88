import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineQuantityChange } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { type LineOfOrder, patchLines, readLine } from '../orders';

const input = lineQuantityChange(fields);
type Input = z.infer<typeof input>;
const output = z.object({ order: z.string(), line: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

function changeOf(wanted: Input, call: CallContext): Change<LineOfOrder, Output> {
  const quantity = (state: LineOfOrder) => state.line.quantity ?? '';
  return {
    read: () => readLine(call, wanted),
    intended: (state) => sameDecimal(quantity(state), wanted.to),
    refuse: (state) =>
      sameDecimal(quantity(state), wanted.from)
        ? undefined
        : `line ${wanted.line} of ${wanted.order} is for ${quantity(state)}, not ${wanted.from}: decide again`,
    write: (state) => patchLines(call, state.order, [{ line: state.line.line, quantity: Number(wanted.to) }]),
    output: (_before, after) => ({ order: wanted.order, line: wanted.line, quantity: quantity(after) }),
  };
}

/** `PATCH salesOrder` with the line's number and its new quantity. */
export const changeLineQuantity = operation<Input, Output>({
  id: 'changeLineQuantity',
  title: 'Change line quantity',
  description: 'Changes the ordered quantity of a line, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}/${wanted.line}/quantity`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeLineQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
