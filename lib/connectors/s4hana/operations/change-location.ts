import { z } from 'zod';
import { allFound, allOrNone } from '../../kit/change';
import { type CallContext, type LookUpResult, type OperationResult, operation } from '../../kit/connector';
import { type Change, changeEntity, lookUpChange } from '../entity';
import { line, order } from '../fields';
import { itemPath, orderPath } from '../schedule-lines';
import { type SalesOrderItemEntity, salesOrderItemEntity } from '../schema';

const plant = z.string().min(1).max(4);
const move = z.object({
  line,
  from: plant.describe('Plant the decision was made on: when the item says another one, nothing is changed'),
  to: plant.describe('Plant that ships it'),
});
const input = z.object({ order, lines: z.array(move).min(1).max(200) });
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  lines: z.array(z.object({ line: z.string(), location: z.string().describe('Plant after the change') })),
});
type Output = z.infer<typeof output>;
type Moved = Output['lines'][number];

function changeOf(order: string, wanted: z.infer<typeof move>): Change<SalesOrderItemEntity, Moved> {
  const plantOf = (state: SalesOrderItemEntity) => state.ProductionPlant ?? '';
  return {
    service: 'salesOrder',
    path: itemPath({ order, line: wanted.line }),
    guardPath: orderPath({ order }),
    schema: salesOrderItemEntity,
    intended: (state) => plantOf(state) === wanted.to,
    refuse: (state) =>
      plantOf(state) === wanted.from
        ? undefined
        : `item ${wanted.line} of order ${order} ships from ${plantOf(state)}, not ${wanted.from}: decide again`,
    body: { ProductionPlant: wanted.to },
    output: (_before, after) => ({ line: wanted.line, location: plantOf(after) }),
  };
}

async function moveAll({ order, lines }: Input, call: CallContext): Promise<OperationResult<Output>> {
  const result = await allOrNone(
    lines,
    (one) => changeEntity(changeOf(order, one), call),
    ({ line, from, to }) => changeEntity(changeOf(order, { line, from: to, to: from }), call),
  );
  return result.outcome === 'ok' ? { ...result, output: { order, lines: result.output } } : result;
}

async function lookUpAll({ order, lines }: Input, call: CallContext): Promise<LookUpResult<Output>> {
  const result = await allFound(lines, (one) => lookUpChange(changeOf(order, one), call));
  return result.found ? { ...result, output: { order, lines: result.output } } : result;
}

/** `PATCH A_SalesOrderItem.ProductionPlant`, conditional on the plant that was decided on. */
export const changeLocation = operation<Input, Output>({
  id: 'changeLocation',
  title: 'Change shipping location',
  description: 'Lets whole items of an order ship from another plant, all of them or none.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: ({ order, lines }) =>
    `A_SalesOrderItem/${order}/${lines.map((one) => one.line).join(',')}/location`,
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
