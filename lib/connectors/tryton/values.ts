/** How Tryton's JSON-RPC writes values that JSON has no type for (trytond/protocols/jsonrpc.py). */
import { z } from 'zod';
import { decimalOf, plainDecimal } from '../kit/decimal';

const date = z.looseObject({ year: z.int(), month: z.int(), day: z.int() });
const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** A date as calendar day; undefined for none. */
export const dayValue = date
  .nullish()
  .transform((value) => (value ? `${pad(value.year, 4)}-${pad(value.month)}-${pad(value.day)}` : undefined));

/** Quantities are floats in Tryton. */
export const quantityValue = z
  .number()
  .nullish()
  .transform((value) => decimalOf(value ?? 0) ?? '0');

/** Amounts are decimals: `{"__class__": "Decimal", "decimal": "12.50"}`. */
export const amountValue = z
  .union([
    z.looseObject({ decimal: z.string() }).transform(({ decimal }) => decimal),
    z.number().transform(String),
  ])
  .nullish()
  .transform((value) => (value ? plainDecimal(value) : undefined));

/** A calendar day (`2026-03-04`) as Tryton takes it. */
export function toDate(day: string): Record<string, unknown> {
  const [year, month, dayOfMonth] = day.split('-').map(Number);
  return { __class__: 'date', year, month, day: dayOfMonth };
}

const datetime = z.looseObject({
  year: z.int(),
  month: z.int(),
  day: z.int(),
  hour: z.int(),
  minute: z.int(),
  second: z.int(),
  microsecond: z.int().optional(),
});

/** A moment, which Tryton keeps in UTC, as epoch milliseconds; undefined for none. */
export const momentValue = datetime.nullish().transform((value) => {
  if (!value) return undefined;
  const { year, month, day, hour, minute, second, microsecond = 0 } = value;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(microsecond / 1000));
  return Number.isFinite(ms) ? ms : undefined;
});

/** A moment as Tryton takes it. */
export function toMoment(ms: number): Record<string, unknown> {
  const at = new Date(ms);
  return {
    __class__: 'datetime',
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: at.getUTCMilliseconds() * 1000,
  };
}
