import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineSplit } from '../../kit/contracts/erp-own';
import { plainDecimal, sameDecimal, subtract } from '../../kit/decimal';
import * as fields from '../fields';
import { type Line, type LineOfOrder, linesOf, patchLines, readLine } from '../orders';

const input = lineSplit(fields, {
  what: 'line',
  keep: 'Quantity that leaves as planned',
  later: 'Expected ship day of the rest',
});
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  line: z.string(),
  keepQuantity: z.string(),
  laterLine: z.string().describe('Line that holds the rest'),
  laterQuantity: z.string(),
  laterDate: z.string(),
});
type Output = z.infer<typeof output>;

const laterQuantity = (wanted: Input) => subtract(wanted.quantity, wanted.keepQuantity) ?? '';

/** The line with the rest: the same item for the rest of the quantity on the later day. */
function restOf({ order: found, line: original }: LineOfOrder, wanted: Input): Line | undefined {
  return linesOf(found).find(
    (one) =>
      one.line !== original.line &&
      !one.isClosed &&
      one.item?.id === original.item?.id &&
      sameDecimal(one.quantity ?? '', laterQuantity(wanted)) &&
      one.expectedShipDate === wanted.laterDate,
  );
}

const kept = ({ line: found }: LineOfOrder, wanted: Input) =>
  sameDecimal(found.quantity ?? '', wanted.keepQuantity);

function refuse(state: LineOfOrder, wanted: Input): string | undefined {
  const { quantity } = state.line;
  if (!sameDecimal(quantity ?? '', wanted.quantity))
    return `line ${wanted.line} of ${wanted.order} is for ${quantity}, not ${wanted.quantity}: decide again`;
  return restOf(state, wanted) === undefined
    ? undefined
    : 'a line with the same quantity and day exists already';
}

/** Both lines in one request: either the order shows the split or it shows nothing of it. The rest keeps item, price and place. */
function itemsOf({ line: found }: LineOfOrder, wanted: Input): Record<string, unknown>[] {
  const copied = {
    ...(found.location === undefined ? {} : { location: { id: found.location.id } }),
    ...(found.units === undefined ? {} : { units: { id: found.units.id } }),
    ...(found.price === undefined ? {} : { price: { id: found.price.id } }),
    ...(found.rate === undefined ? {} : { rate: Number(found.rate) }),
  };
  return [
    { line: found.line, quantity: Number(wanted.keepQuantity) },
    {
      item: { id: found.item?.id },
      quantity: Number(laterQuantity(wanted)),
      expectedShipDate: wanted.laterDate,
      ...copied,
    },
  ];
}

function changeOf(wanted: Input, call: CallContext): Change<LineOfOrder, Output> {
  return {
    read: () => readLine(call, wanted),
    intended: (state) => kept(state, wanted) && restOf(state, wanted) !== undefined,
    refuse: (state) => refuse(state, wanted),
    write: (state) => patchLines(call, state.order, itemsOf(state, wanted)),
    output: (_before, after) => ({
      order: wanted.order,
      line: wanted.line,
      keepQuantity: plainDecimal(wanted.keepQuantity) ?? wanted.keepQuantity,
      laterLine: String(restOf(after, wanted)?.line ?? ''),
      laterQuantity: laterQuantity(wanted),
      laterDate: wanted.laterDate,
    }),
  };
}

/** One `PATCH salesOrder` that lowers the line and adds one for the rest. */
export const splitLine = operation<Input, Output>({
  id: 'splitLine',
  title: 'Split line',
  description: 'Keeps part of a line and adds a line for the rest on a later day.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `salesOrder/${wanted.order}/${wanted.line}/split`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'mergeLine',
    input: (wanted, done) => ({
      order: wanted.order,
      line: wanted.line,
      keptQuantity: wanted.keepQuantity,
      laterLine: done.laterLine,
      quantity: wanted.quantity,
    }),
  },
});
