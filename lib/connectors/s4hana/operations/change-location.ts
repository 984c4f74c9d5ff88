import { z } from 'zod';
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

/** Item after item. What a refusal finds moved already goes back: an order that ships from two places was not decided. */
async function moveAll({ order, lines }: Input, call: CallContext): Promise<OperationResult<Output>> {
  const moved: Moved[] = [];
  let confirmed = true;
  for (const [index, wanted] of lines.entries()) {
    const result = await changeEntity(changeOf(order, wanted), call);
    if (result.outcome === 'ok') {
      moved.push(result.output);
      confirmed &&= result.confirmed;
      continue;
    }
    // Tried again, it goes on where it stopped; only what nobody will try again is taken back here.
    if (result.outcome !== 'business' && result.outcome !== 'fatal') return result;
    for (const { line, from, to } of lines.slice(0, index).reverse())
      await changeEntity(changeOf(order, { line, from: to, to: from }), call);
    return result;
  }
  return { outcome: 'ok', output: { order, lines: moved }, confirmed };
}

async function lookUpAll({ order, lines }: Input, call: CallContext): Promise<LookUpResult<Output>> {
  const moved: Moved[] = [];
  for (const wanted of lines) {
    const found = await lookUpChange(changeOf(order, wanted), call);
    if (!found.found) return { found: false };
    moved.push(found.output);
  }
  return { found: true, output: { order, lines: moved }, confirmed: true };
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
