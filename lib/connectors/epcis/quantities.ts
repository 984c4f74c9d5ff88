/** What was there against what should have been there, by order line where the event names lines, else by item. */
import type { Discrepancy, FactData, Quantity } from '../../model/fact';
import { add, decimalOf, sameDecimal, smaller, subtract } from '../kit/decimal';
import { checkedBy } from '../kit/payload';
import { idText } from '../kit/text';
import { readEpc } from './epc';
import type { Extension } from './extension';
import type { EpcisEvent, QuantityElement } from './schema';
import { quantities } from './schema';

const checkedQuantities = checkedBy(quantities);

export interface Counted {
  lineId: string | undefined;
  /** GTIN-14 where the class names one, else the class as it is. */
  item: string;
  quantity: Quantity;
}

/** A quantity without a unit counts pieces (EPCIS 2.0, 7.3.3.3). */
const pieces = 'EA';

export function itemOf(epcClass: string): string {
  const { value } = readEpc(epcClass);
  return value.length <= 100 ? value : value.slice(-100);
}

function counted(elements: readonly QuantityElement[], extension: Extension): Counted[] {
  return elements.flatMap((element) => {
    const value = element.quantity === undefined ? undefined : decimalOf(element.quantity);
    if (value === undefined) return [];
    const lineId = idText(extension(element, 'lineId'));
    return [{ lineId, item: itemOf(element.epcClass), quantity: { value, uom: element.uom ?? pieces } }];
  });
}

/** Goods the event handled: its quantities, and serialised instances counted as pieces of their GTIN. */
export function handledOf(event: EpcisEvent, extension: Extension): Counted[] {
  const elements = event.quantityList ?? event.childQuantityList ?? event.outputQuantityList ?? [];
  const instances = new Map<string, number>();
  for (const epc of event.epcList ?? event.childEPCs ?? event.outputEPCList ?? []) {
    const { kind, value } = readEpc(epc);
    if (kind === 'gtin') instances.set(value, (instances.get(value) ?? 0) + 1);
  }
  const single = [...instances].map(([item, count]) => ({
    lineId: undefined,
    item,
    quantity: { value: String(count), uom: pieces },
  }));
  return [...counted(elements, extension), ...single];
}

/** What the sender expected: `absent` when it did not say, `unreadable` when it said it in a form that cannot be compared. */
export function expectedOf(event: EpcisEvent, extension: Extension): Counted[] | 'absent' | 'unreadable' {
  const list = extension(event, 'expectedQuantityList');
  if (list === undefined) return 'absent';
  const parsed = checkedQuantities(list);
  if (!parsed.success || parsed.data.length === 0) return 'unreadable';
  const expected = counted(parsed.data, extension);
  return expected.length === parsed.data.length ? expected : 'unreadable';
}

/** Lengths keep the parts apart. */
const poolKey = (line: string | undefined, { item, quantity: { uom } }: Counted) =>
  `${uom.length}${uom}${item.length}:${item}${line === undefined ? '' : `:${line}`}`;

/** Gives each expected line its own quantities first, then those that name no line; what is left over is a line of its own. */
export function compare(expected: readonly Counted[], handled: readonly Counted[]): Discrepancy[] {
  const pool = new Map<string, { one: Counted; left: string }>();
  for (const one of handled) {
    const key = poolKey(one.lineId, one);
    pool.set(key, { one, left: add(pool.get(key)?.left ?? '0', one.quantity.value) ?? '0' });
  }
  const lines = expected.map((wanted) => {
    const own = take(pool, poolKey(wanted.lineId, wanted), wanted.quantity.value);
    const open = subtract(wanted.quantity.value, own) ?? '0';
    const loose = wanted.lineId === undefined ? '0' : take(pool, poolKey(undefined, wanted), open);
    return line(wanted, wanted.quantity.value, add(own, loose) ?? '0');
  });
  const surplus = [...pool.values()]
    .filter(({ left }) => left !== '0')
    .map(({ one, left }) => line(one, '0', left));
  return [...lines, ...surplus];
}

function line({ lineId, item, quantity: { uom } }: Counted, expected: string, actual: string): Discrepancy {
  return { lineId: lineId ?? item, item, expected: { value: expected, uom }, actual: { value: actual, uom } };
}

function take(pool: Map<string, { one: Counted; left: string }>, key: string, upTo: string): string {
  const there = pool.get(key);
  if (there === undefined) return '0';
  const taken = smaller(there.left, upTo);
  there.left = subtract(there.left, taken) ?? '0';
  return taken;
}

export const isShort = ({ expected, actual }: Discrepancy) =>
  subtract(actual.value, expected.value)?.startsWith('-') ?? false;
export const differs = ({ expected, actual }: Discrepancy) => !sameDecimal(expected.value, actual.value);

/** The lines of the fact: what was expected beside what was handled, or the handled alone. */
export function linesOf(
  compared: readonly Discrepancy[] | undefined,
  handled: readonly Counted[],
): FactData['lines'] {
  if (compared !== undefined) {
    return compared.map(({ lineId, item, expected, actual }) => ({
      lineId,
      ...(item === undefined ? {} : { item }),
      ordered: expected,
      fulfilled: actual,
    }));
  }
  if (handled.length === 0) return undefined;
  return handled.map(({ lineId, item, quantity }) => ({ lineId: lineId ?? item, item, fulfilled: quantity }));
}
