import type { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { lineSplit } from '../../kit/contracts/erp-own';
import { sameDecimal } from '../../kit/decimal';
import { laterQuantity, splitDone, splitOutput, splitUndo } from '../../kit/line-split';
import { quietly } from '../../kit/outbound';
import { asked, notFoundOrThrow, succeeded } from '../entity';
import * as fields from '../fields';
import { refusalOf } from '../outcome';
import {
  askedLine,
  changeQuantity,
  halfDone,
  itemPath,
  lineTarget,
  quantityOf,
  readLines,
} from '../schedule-lines';
import { one, type ScheduleLineEntity, scheduleLineEntity } from '../schema';
import { Session } from '../session';
import { toDay, toODataDate } from '../values';

const input = lineSplit(fields, {
  what: 'schedule line',
  keep: 'Quantity that goes out as planned',
  later: 'Requested delivery day of the rest',
});
type Input = z.infer<typeof input>;
const output = splitOutput('Schedule line that goes out as planned', 'Schedule line that holds the rest');
type Output = z.infer<typeof output>;

interface Progress {
  kept: boolean;
  later: ScheduleLineEntity | undefined;
  original: ScheduleLineEntity | undefined;
}

function progressOf(lines: readonly ScheduleLineEntity[], wanted: Input): Progress {
  const original = askedLine(lines, wanted);
  const later = lines.find(
    (line) =>
      line !== original &&
      sameDecimal(quantityOf(line), laterQuantity(wanted)) &&
      toDay(line.RequestedDeliveryDate) === wanted.laterDate,
  );
  return {
    original,
    later,
    kept: original !== undefined && sameDecimal(quantityOf(original), wanted.keepQuantity),
  };
}

const changed = (message: string) => ({ outcome: 'fatal', message, vendorCode: 'STATE_CHANGED' }) as const;

function refuse(
  { later, kept }: Progress,
  original: ScheduleLineEntity,
  wanted: Input,
): OperationResult<Output> | undefined {
  if (kept) return undefined;
  // We reduce first and add second, so a matching line ahead of the reduction is somebody else's.
  if (later !== undefined) return changed('a schedule line with the same quantity and day exists already');
  if (sameDecimal(quantityOf(original), wanted.quantity)) return undefined;
  return changed(
    `schedule line ${original.ScheduleLine} is for ${quantityOf(original)}, not ${wanted.quantity}: decide again`,
  );
}

/** Each step is taken only when the order does not show it yet: an interrupted split is finished, not repeated. */
async function split(wanted: Input, call: CallContext): Promise<OperationResult<Output>> {
  const session = new Session(call, 'salesOrder');
  const read = await readLines(session, wanted, call);
  if (!read.ok) return read.refusal;
  const progress = progressOf(read.lines, wanted);
  const { original, later } = progress;
  if (original === undefined)
    return changed(`item ${wanted.line} has no schedule line ${wanted.schedule ?? 'at all'}`);
  const refusal = refuse(progress, original, wanted);
  if (refusal !== undefined) return refusal;
  const line = { order: wanted.order, line: wanted.line, schedule: original.ScheduleLine };
  if (later !== undefined)
    return { outcome: 'ok', output: splitDone(wanted, line.schedule, later.ScheduleLine), confirmed: true };
  if (!progress.kept) {
    const reduced = await changeQuantity(line, wanted.quantity, wanted.keepQuantity, call);
    if (reduced.outcome !== 'ok') return reduced;
    if (!reduced.confirmed) return halfDone('does not show the reduced quantity');
  }
  return addLater(session, wanted, line.schedule, call);
}

async function addLater(
  session: Session,
  wanted: Input,
  kept: string,
  call: CallContext,
): Promise<OperationResult<Output>> {
  const response = await session.write(
    'POST',
    `${itemPath(wanted)}/to_ScheduleLine`,
    {
      ScheduleLineOrderQuantity: laterQuantity(wanted),
      RequestedDeliveryDate: toODataDate(wanted.laterDate),
    },
    undefined,
  );
  if (!succeeded(response)) return refusalOf(response, asked(call, true));
  const after = await quietly(() => readLines(session, wanted, call));
  const shown = after?.ok ? progressOf(after.lines, wanted).later : undefined;
  if (shown !== undefined)
    return { outcome: 'ok', output: splitDone(wanted, kept, shown.ScheduleLine), confirmed: true };
  const created = one(scheduleLineEntity).safeParse(response.json());
  return {
    outcome: 'ok',
    output: splitDone(wanted, kept, created.success ? created.data.d.ScheduleLine : ''),
    confirmed: false,
  };
}

/** `PATCH` of the schedule line, then `POST` of a second one to `to_ScheduleLine`: part of the item now, the rest later. */
export const splitLine = operation<Input, Output>({
  id: 'splitLine',
  title: 'Split line',
  description: 'Keeps part of a schedule line and moves the rest to a later one.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `${lineTarget(wanted)}/split`,
  send: split,
  async lookUp(wanted, call) {
    const read = await readLines(new Session(call, 'salesOrder'), wanted, call);
    if (!read.ok) return notFoundOrThrow(read.refusal);
    const { kept, later, original } = progressOf(read.lines, wanted);
    if (!kept || later === undefined || original === undefined) return { found: false };
    return {
      found: true,
      output: splitDone(wanted, original.ScheduleLine, later.ScheduleLine),
      confirmed: true,
    };
  },
  undo: splitUndo,
});
