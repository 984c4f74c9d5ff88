/** Order lines of shops and fulfilment systems: counted in pieces, and an order's state told by its quantities. */
import type { FactData, Quantity } from '../../model/fact';
import { add, decimalOf, plainDecimal, smaller, subtract } from './decimal';
import { text } from './text';

/** Shops count pieces: UNECE Rec 20 `EA`. Undefined for what is no number, or negative. */
export function pieces(value: unknown): Quantity | undefined {
  const amount = typeof value === 'number' ? decimalOf(value) : plainDecimal(text(value, 40) ?? '');
  return amount === undefined || amount.length > 40 || amount.startsWith('-')
    ? undefined
    : { value: amount, uom: 'EA' };
}

export interface OrderLine {
  lineId: string;
  item: string;
  ordered: Quantity;
  fulfilled?: Quantity | undefined;
}

export type OrderState = 'OPEN' | 'PARTIALLY_FULFILLED' | 'FULFILLED' | 'CANCELLED';

/** From quantities, never from a status word: those of shops lag behind, and mean another thing in every shop. */
export function orderState(
  lines: readonly Pick<OrderLine, 'ordered' | 'fulfilled'>[],
  cancelled: boolean,
): OrderState {
  if (cancelled) return 'CANCELLED';
  const wanted = lines.filter(({ ordered }) => ordered.value !== '0');
  const done = wanted.filter(({ ordered, fulfilled }) => covers(fulfilled?.value ?? '0', ordered.value));
  if (wanted.length > 0 && done.length === wanted.length) return 'FULFILLED';
  return wanted.some(({ fulfilled }) => (fulfilled?.value ?? '0') !== '0') ? 'PARTIALLY_FULFILLED' : 'OPEN';
}

/** True when `amount` is at least `needed`. */
function covers(amount: string, needed: string): boolean {
  return smaller(amount, needed) === needed || amount === needed;
}

/** What is left of `ordered` after `fulfilled`; never below zero. */
export function leftOf(ordered: string, fulfilled: string): string {
  const left = subtract(ordered, fulfilled) ?? ordered;
  return left.startsWith('-') ? '0' : left;
}

/** Sums amounts by their key, e.g. what several parcels hold of one line. */
export function sumBy(amounts: Iterable<readonly [key: string, amount: string]>): Map<string, string> {
  const sums = new Map<string, string>();
  for (const [key, amount] of amounts) sums.set(key, add(sums.get(key) ?? '0', amount) ?? amount);
  return sums;
}

/** As a fact holds it. */
export function factLines(lines: readonly OrderLine[]): Pick<FactData, 'lines'> {
  if (lines.length === 0) return {};
  return {
    lines: lines.map(({ lineId, item, ordered, fulfilled }) => ({
      lineId,
      ...(item === '' ? {} : { item }),
      ordered,
      ...(fulfilled === undefined ? {} : { fulfilled }),
    })),
  };
}
