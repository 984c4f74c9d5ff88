/** Amounts as vendors write them, in minor units by ISO 4217: EUR 1000.00 is 100000 cents, JPY 1000 is 1000 yen. */
import type { Money } from '../../model/fact';
import { decimalOf, plainDecimal } from './decimal';

/** Longer ones are no amounts of money. */
const maxAmountChars = 30;

/**
 * Decimal text or a JSON number with a currency code in any case.
 * @returns undefined when one of them is unreadable, or the amount is finer than the currency's minor unit
 */
export function moneyOf(amount: unknown, currency: unknown): Money | undefined {
  const plain = typeof amount === 'number' ? decimalOf(amount) : plainDecimal(String(amount ?? ''));
  const code = typeof currency === 'string' ? currency.trim().toUpperCase() : '';
  if (plain === undefined || plain.length > maxAmountChars || !/^[A-Z]{3}$/.test(code)) return undefined;
  const places = minorPlaces(code);
  const [whole = '0', fraction = ''] = plain.split('.');
  if (fraction.length > places) return undefined;
  return { amountMinor: BigInt(whole + fraction.padEnd(places, '0')).toString(), currency: code };
}

/** Decimal text of an amount, e.g. for a customs value: 1050 EUR minor units are `10.50`. */
export function majorUnits({ amountMinor, currency }: Money): string {
  const places = minorPlaces(currency);
  const sign = amountMinor.startsWith('-') ? '-' : '';
  const digits = amountMinor.replace('-', '').padStart(places + 1, '0');
  return sign + (places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`);
}

/** A formatter is dear to make: each currency is asked for once. Currencies are few; made-up codes do not fill the memory. */
const known = new Map<string, number>();
const maxKnown = 1000;

function minorPlaces(currency: string): number {
  const found = known.get(currency);
  if (found !== undefined) return found;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  if (known.size < maxKnown) known.set(currency, places);
  return places;
}
