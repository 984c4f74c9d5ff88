import type { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Refusal } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { lineSplit } from '../../kit/contracts/erp-own';
import { sameDecimal, smaller } from '../../kit/decimal';
import { laterQuantity, splitDone, splitOutput, splitUndo } from '../../kit/line-split';
import * as fields from '../fields';
import { settingsOf } from '../manifest';
import { press, scheduleOn, writeMove } from '../pickings';
import { type Parts, readParts, restIn } from '../split';

const positive = (text: string | undefined) => /^[1-9]|\.\d*[1-9]/.test(text ?? '');

const input = lineSplit(fields, {
  what: 'move',
  keep: 'What leaves as planned: no more than Odoo has reserved, and more than 0',
  later: 'Scheduled day of the rest',
});
type Input = z.infer<typeof input>;
const output = splitOutput(
  'Move that leaves as planned',
  'Move that holds the rest, in a transfer of its own',
);
type Output = z.infer<typeof output>;

const later = (parts: Parts, wanted: Input) => restIn(parts, laterQuantity(wanted));
const kept = ({ first }: Parts, wanted: Input) =>
  first !== undefined && sameDecimal(first.product_uom_qty, wanted.keepQuantity);

function refuse(parts: Parts, wanted: Input, call: CallContext): string | undefined {
  const { first, others, reserved } = parts;
  // The split is done, only the day of the rest is not.
  if (kept(parts, wanted) && later(parts, wanted) !== undefined) return undefined;
  if (settingsOf(call.settings).version === '16') return 'Odoo 16 has no button that splits a transfer';
  if (first?.picking_id === undefined)
    return `line ${wanted.line} has nothing scheduled to leave: decide again`;
  if (!sameDecimal(first.product_uom_qty, wanted.quantity))
    return `move ${first.id} is for ${first.product_uom_qty}, not ${wanted.quantity}: decide again`;
  if (others > 0)
    return `the transfer of move ${first.id} holds ${others} other moves: they would be split too`;
  if (!positive(wanted.keepQuantity))
    return 'Odoo splits off what is not reserved: to send everything later use changeSchedule';
  if (smaller(reserved, wanted.keepQuantity) === reserved && !sameDecimal(reserved, wanted.keepQuantity))
    return `Odoo has reserved ${reserved} for move ${first.id}: no more than that can leave as planned`;
  return undefined;
}

/** Each step is taken only when Odoo does not show it yet. */
async function write(parts: Parts, wanted: Input, call: CallContext): Promise<Refusal | undefined> {
  const { first, reserved } = parts;
  let rest = kept(parts, wanted) ? later(parts, wanted) : undefined;
  if (rest === undefined && first?.picking_id !== undefined) {
    const less = sameDecimal(reserved, wanted.keepQuantity)
      ? undefined
      : await writeMove(call, first, { quantity: Number(wanted.keepQuantity) });
    const refused = less ?? (await press(call, 'action_split_transfer', [first.picking_id]));
    if (refused !== undefined) return refused;
    const now = await readParts(call, wanted);
    if (!now.ok) return now.refusal;
    rest = later(now.state, wanted);
  }
  if (rest?.picking_id === undefined || rest.date === wanted.laterDate) return undefined;
  return scheduleOn(call, rest.picking_id, wanted.laterDate);
}

function changeOf(wanted: Input, call: CallContext): Change<Parts, Output> {
  return {
    read: () => readParts(call, wanted),
    intended: (parts) => kept(parts, wanted) && later(parts, wanted)?.date === wanted.laterDate,
    refuse: (parts) => refuse(parts, wanted, call),
    write: (parts) => write(parts, wanted, call),
    output: (before, after) =>
      splitDone(
        wanted,
        String((after.first ?? before.first)?.id ?? ''),
        String(later(after, wanted)?.id ?? ''),
      ),
  };
}

/** `stock.picking.action_split_transfer` after `stock.move.write` of what is to stay reserved, then `scheduled_date` of the rest's transfer. */
export const splitLine = operation<Input, Output>({
  id: 'splitLine',
  title: 'Split line',
  description:
    'Keeps the reserved part of what leaves for a line and lets the rest follow in a transfer of its own.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.move/${wanted.order}/${wanted.line}/${wanted.schedule ?? 'first'}/split`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: splitUndo,
});
