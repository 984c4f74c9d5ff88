/** Money as shops write it (a decimal and a currency) in minor units. */
import type { Money } from '../../model/fact';
import { decimalOf, plainDecimal } from './decimal';

const places = new Map<string, number>();

/** Decimal places of a currency by ISO 4217: 2 for EUR, 0 for JPY. */
function placesOf(currency: string): number {
  const known = places.get(currency);
  if (known !== undefined) return known;
  const { maximumFractionDigits: found = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  if (places.size < 1000) places.set(currency, found);
  return found;
}

/** EUR 1000.00 is 100000 cents, JPY 1000 is 1000 yen. Undefined for what is no amount, or finer than the currency. */
export function moneyOf(amount: unknown, currency: unknown): Money | undefined {
  const plain = typeof amount === 'number' ? decimalOf(amount) : plainDecimal(String(amount ?? ''));
  const code = typeof currency === 'string' ? currency.trim().toUpperCase() : '';
  if (plain === undefined || plain.length > 30 || !/^[A-Z]{3}$/.test(code)) return undefined;
  const [whole = '0', fraction = ''] = plain.split('.');
  const digits = placesOf(code);
  if (fraction.length > digits) return undefined;
  return { amountMinor: BigInt(whole + fraction.padEnd(digits, '0')).toString(), currency: code };
}
