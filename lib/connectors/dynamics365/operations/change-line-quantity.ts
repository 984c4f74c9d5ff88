import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineQuantityChange } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { type Line, patchLine, readLine } from '../orders';

const input = lineQuantityChange(fields, { unit: 'sales unit' });
type Input = z.infer<typeof input>;
const output = z.object({ order: z.string(), line: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

function changeOf(wanted: Input, call: CallContext): Change<Line, Output> {
  const quantity = (found: Line) => found.OrderedSalesQuantity ?? '';
  return {
    read: () => readLine(call, wanted),
    intended: (found) => sameDecimal(quantity(found), wanted.to),
    refuse: (found) =>
      sameDecimal(quantity(found), wanted.from)
        ? undefined
        : `line ${wanted.line} of ${wanted.order} is for ${quantity(found)}, not ${wanted.from}: decide again`,
    write: (found) => patchLine(call, found, { OrderedSalesQuantity: Number(wanted.to) }),
    output: (_before, after) => ({ order: wanted.order, line: wanted.line, quantity: quantity(after) }),
  };
}

/** `PATCH` of `OrderedSalesQuantity` under the line's ETag. */
export const changeLineQuantity = operation<Input, Output>({
  id: 'changeLineQuantity',
  title: 'Change line quantity',
  description: 'Changes the ordered quantity of a line, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  rateLimitHeaders: ['retry-after'],
  input,
  output,
  target: (wanted) => `SalesOrderLines/${wanted.order}/${wanted.line}/quantity`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeLineQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
