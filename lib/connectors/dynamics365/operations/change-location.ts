import { z } from 'zod';
import { allFound, allOrNone, bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, type LookUpResult, type OperationResult, operation } from '../../kit/connector';
import { line, order } from '../fields';
import { type Line, patchLine, readLine } from '../orders';

const warehouse = z.string().min(1).max(10);
const move = z.object({
  line,
  from: warehouse.describe(
    'Warehouse the decision was made on: when the line says another one, nothing is changed',
  ),
  to: warehouse.describe('Warehouse that ships it'),
});
const input = z.object({ order, lines: z.array(move).min(1).max(200) });
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  lines: z.array(z.object({ line: z.string(), location: z.string().describe('Warehouse after the change') })),
});
type Output = z.infer<typeof output>;

function changeOf(
  order: string,
  { line, from, to }: z.infer<typeof move>,
  call: CallContext,
): Change<Line, Output['lines'][number]> {
  const warehouseOf = (found: Line) => found.ShippingWarehouseId ?? '';
  return {
    read: () => readLine(call, { order, line }),
    intended: (found) => warehouseOf(found) === to,
    refuse: (found) =>
      warehouseOf(found) === from
        ? undefined
        : `line ${line} of ${order} ships from ${warehouseOf(found)}, not ${from}: decide again`,
    write: (found) => patchLine(call, found, { ShippingWarehouseId: to }),
    output: (_before, after) => ({ line, location: warehouseOf(after) }),
  };
}

async function moveAll({ order, lines }: Input, call: CallContext): Promise<OperationResult<Output>> {
  const result = await allOrNone(
    lines,
    (one) => bringAbout(changeOf(order, one, call)),
    ({ line, from, to }) => bringAbout(changeOf(order, { line, from: to, to: from }, call)),
  );
  return result.outcome === 'ok' ? { ...result, output: { order, lines: result.output } } : result;
}

async function lookUpAll({ order, lines }: Input, call: CallContext): Promise<LookUpResult<Output>> {
  const result = await allFound(lines, (one) => lookUpState(changeOf(order, one, call)));
  return result.found ? { ...result, output: { order, lines: result.output } } : result;
}

/** `PATCH SalesOrderLines.ShippingWarehouseId` under each line's ETag; the environment takes the site from the warehouse. */
export const changeLocation = operation<Input, Output>({
  id: 'changeLocation',
  title: 'Change shipping warehouse',
  description: 'Lets whole lines of an order ship from another warehouse, all of them or none.',
  kind: 'erp',
  safety: 'reconcilable',
  rateLimitHeaders: ['retry-after'],
  input,
  output,
  target: ({ order, lines }) => `SalesOrderLines/${order}/${lines.map((one) => one.line).join(',')}/location`,
  send: moveAll,
  lookUp: lookUpAll,
  undo: {
    operation: 'changeLocation',
    input: ({ order, lines }) => ({
      order,
      lines: lines.map((one) => ({ line: one.line, from: one.to, to: one.from })),
    }),
  },
});
