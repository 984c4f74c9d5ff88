/** Reading all schedule lines of an item, and changing the quantity of one: what splitting and merging have in common. */
import type { CallContext, OperationResult } from '../kit/connector';
import { plainDecimal, sameDecimal } from '../kit/decimal';
import { asked, type Change, changeEntity } from './entity';
import { type Refusal, refusalOf } from './outcome';
import { many, type ScheduleLineEntity, scheduleLineEntity } from './schema';
import type { Session } from './session';
import { key, sameNumber } from './values';

export interface ItemOf {
  order: string;
  line: string;
}
export interface LineOf extends ItemOf {
  /** Number of the schedule line. */
  schedule: string;
}
/** A schedule line as operations are asked for it: the first one of the item where none is named. */
export interface AskedLine extends ItemOf {
  schedule?: string | undefined;
}

export const itemPath = (item: ItemOf) =>
  `/A_SalesOrderItem(SalesOrder=${key(item.order)},SalesOrderItem=${key(item.line)})`;

export const linePath = (line: LineOf) =>
  `/A_SalesOrderScheduleLine(SalesOrder=${key(line.order)},SalesOrderItem=${key(line.line)},ScheduleLine=${key(line.schedule)})`;

export const orderPath = ({ order }: { order: string }) => `/A_SalesOrder(${key(order)})`;

/** Part of an effect's key. */
export const lineTarget = ({ order, line, schedule }: AskedLine) =>
  `A_SalesOrderScheduleLine/${order}/${line}/${schedule ?? 'first'}`;

export type Lines = { ok: true; lines: ScheduleLineEntity[] } | { ok: false; refusal: Refusal };

export async function readLines(session: Session, item: ItemOf, call: CallContext): Promise<Lines> {
  const response = await session.read(`${itemPath(item)}/to_ScheduleLine`);
  if (response.status !== 200) return { ok: false, refusal: refusalOf(response, asked(call, false)) };
  const parsed = many(scheduleLineEntity).safeParse(response.json());
  if (parsed.success) return { ok: true, lines: parsed.data.d.results };
  return {
    ok: false,
    refusal: { outcome: 'fatal', message: 'SAP answered with something that is no list of schedule lines' },
  };
}

export function lineNumbered(
  lines: readonly ScheduleLineEntity[],
  number: string,
): ScheduleLineEntity | undefined {
  return lines.find((line) => sameNumber(line.ScheduleLine, number));
}

/** The schedule line that was asked for, or the one with the lowest number. */
export function askedLine(
  lines: readonly ScheduleLineEntity[],
  { schedule }: AskedLine,
): ScheduleLineEntity | undefined {
  if (schedule !== undefined) return lineNumbered(lines, schedule);
  return [...lines].sort((a, b) => Number(a.ScheduleLine) - Number(b.ScheduleLine))[0];
}

export const quantityOf = (line: ScheduleLineEntity) =>
  plainDecimal(line.ScheduleLineOrderQuantity ?? '') ?? '';

/** Number of the schedule line that was asked for; read from SAP only where none was named. */
export async function scheduleNumberOf(
  session: Session,
  wanted: AskedLine,
  call: CallContext,
): Promise<{ ok: true; schedule: string } | { ok: false; refusal: Refusal }> {
  if (wanted.schedule !== undefined) return { ok: true, schedule: wanted.schedule };
  const read = await readLines(session, wanted, call);
  if (!read.ok) return read;
  const first = askedLine(read.lines, wanted);
  if (first !== undefined) return { ok: true, schedule: first.ScheduleLine };
  const message = `item ${wanted.line} of order ${wanted.order} has no schedule line`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

/** Brings one schedule line to a quantity; from any other quantity than `from` it refuses. */
export function changeQuantity(
  line: LineOf,
  from: string,
  to: string,
  call: CallContext,
): Promise<OperationResult<string>> {
  const change: Change<ScheduleLineEntity, string> = {
    service: 'salesOrder',
    path: linePath(line),
    guardPath: orderPath(line),
    schema: scheduleLineEntity,
    intended: (state) => sameDecimal(quantityOf(state), to),
    refuse: (state) =>
      sameDecimal(quantityOf(state), from)
        ? undefined
        : `schedule line ${line.schedule} of item ${line.line} is for ${quantityOf(state)}, not ${from}: decide again`,
    body: { ScheduleLineOrderQuantity: to },
    output: (_before, after) => quantityOf(after),
  };
  return changeEntity(change, call);
}

/** The first half of a two-step change did not show: going on would leave the order with too much or too little. */
export const halfDone = (what: string) =>
  ({
    outcome: 'retryable',
    message: `SAP accepted the change but ${what}; the second step was not taken`,
  }) as const;
