/** Amounts as vendors write them, in minor units by ISO 4217: EUR 1000.00 is 100000 cents, JPY 1000 is 1000 yen. */
import type { Money } from '../../model/fact';
import { decimalOf, plainDecimal } from './decimal';

/**
 * Decimal text or a JSON number with a currency.
 * @returns undefined when one of them is unreadable, or the amount is finer than the currency's minor unit
 */
export function moneyOf(amount: unknown, currency: unknown): Money | undefined {
  const plain = typeof amount === 'number' ? decimalOf(amount) : plainDecimal(String(amount ?? ''));
  if (plain === undefined || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const places = minorPlaces(currency);
  const [whole = '0', fraction = ''] = plain.split('.');
  if (fraction.length > places) return undefined;
  return { amountMinor: BigInt(whole + fraction.padEnd(places, '0')).toString(), currency };
}

/** Decimal text of an amount, e.g. for a customs value: 1050 EUR minor units are `10.50`. */
export function majorUnits({ amountMinor, currency }: Money): string {
  const places = minorPlaces(currency);
  const sign = amountMinor.startsWith('-') ? '-' : '';
  const digits = amountMinor.replace('-', '').padStart(places + 1, '0');
  return sign + (places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`);
}

function minorPlaces(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}
