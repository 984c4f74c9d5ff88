/** Reading all schedule lines of an item, and changing the quantity of one: what splitting and merging have in common. */
import type { CallContext, OperationResult } from '../kit/connector';
import { plainDecimal, sameDecimal } from '../kit/decimal';
import { asked, type Change, changeEntity } from './entity';
import { type Refusal, refusalOf } from './outcome';
import { many, type ScheduleLineEntity, scheduleLineEntity } from './schema';
import type { Session } from './session';
import { key, sameNumber } from './values';

export interface LineOf {
  salesOrder: string;
  item: string;
  scheduleLine: string;
}

export const itemPath = (line: Omit<LineOf, 'scheduleLine'>) =>
  `/A_SalesOrderItem(SalesOrder=${key(line.salesOrder)},SalesOrderItem=${key(line.item)})`;

export const linePath = (line: LineOf) =>
  `/A_SalesOrderScheduleLine(SalesOrder=${key(line.salesOrder)},SalesOrderItem=${key(line.item)},ScheduleLine=${key(line.scheduleLine)})`;

export const orderPath = (line: { salesOrder: string }) => `/A_SalesOrder(${key(line.salesOrder)})`;

export type Lines = { ok: true; lines: ScheduleLineEntity[] } | { ok: false; refusal: Refusal };

export async function readLines(
  session: Session,
  item: Omit<LineOf, 'scheduleLine'>,
  call: CallContext,
): Promise<Lines> {
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

export const quantityOf = (line: ScheduleLineEntity) =>
  plainDecimal(line.ScheduleLineOrderQuantity ?? '') ?? '';

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
        : `schedule line ${line.scheduleLine} of item ${line.item} is for ${quantityOf(state)}, not ${from}: decide again`,
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
