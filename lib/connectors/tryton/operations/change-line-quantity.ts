import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineQuantityChange } from '../../kit/contracts/erp-own';
import { plainDecimal, sameDecimal } from '../../kit/decimal';
import * as fields from '../fields';
import { rpc } from '../rpc';
import { type LineOfSale, readLine } from '../sales';

const input = lineQuantityChange(fields);
type Input = z.infer<typeof input>;
const output = z.object({ order: z.string(), line: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

function refuse({ sale, line }: LineOfSale, wanted: Input): string | undefined {
  if (!sameDecimal(line.quantity, wanted.from))
    return `line ${wanted.line} of sale ${wanted.order} is for ${line.quantity}, not ${wanted.from}: decide again`;
  // Over RPC the server takes the number, and ships the old one all the same.
  if (sale.state !== 'draft')
    return `sale ${wanted.order} is ${sale.state}: Tryton changes lines of drafts only; use splitLine or changeSchedule`;
  return undefined;
}

function changeOf(wanted: Input, call: CallContext): Change<LineOfSale, Output> {
  return {
    read: () => readLine(call, wanted),
    intended: ({ sale, line }) =>
      sameDecimal(line.quantity, wanted.to) && (sale.state === 'draft' || shipsAsOrdered(line)),
    refuse: (state) => refuse(state, wanted),
    async write({ line }) {
      const written = await rpc(
        call,
        'model.sale.line.write',
        [[line.id], { quantity: Number(wanted.to) }],
        z.unknown(),
        { write: true, timestamps: { [`sale.line,${line.id}`]: line._timestamp } },
      );
      if (written.ok) return undefined;
      return written.conflict ? 'conflict' : written.refusal;
    },
    output: (_before, { line }) => ({
      order: wanted.order,
      line: wanted.line,
      quantity: plainDecimal(line.quantity) ?? '0',
    }),
  };
}

/** A line of a sale that is under way says nothing about what leaves: its moves do. */
function shipsAsOrdered({ quantity, 'moves.': moves }: LineOfSale['line']): boolean {
  const planned = moves.filter(({ state }) => state !== 'cancelled');
  return sameDecimal(String(planned.reduce((sum, one) => sum + Number(one.quantity), 0)), quantity);
}

/** `sale.line.write` under the `_timestamp` that was read; of a draft only. */
export const changeLineQuantity = operation<Input, Output>({
  id: 'changeLineQuantity',
  title: 'Change line quantity',
  description:
    'Changes the quantity of a line of a draft sale, if it still is what the decision was made on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `sale.line/${wanted.order}/${wanted.line}/quantity`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeLineQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
