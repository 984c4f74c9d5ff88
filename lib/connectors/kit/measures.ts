/** Weights and lengths in the unit a vendor takes, by exact factors; rounded up, so that nothing is declared lighter or smaller than it is. */
import type { Quantity } from '../../model/fact';
import { plainDecimal } from './decimal';

/** UNECE Rec 20 units in units of 10^-9 gram (international avoirdupois pound: 453.59237 g). */
const weights = {
  GRM: 1_000_000_000n,
  KGM: 1_000_000_000_000n,
  ONZ: 28_349_523_125n,
  LBR: 453_592_370_000n,
} as const;
export type WeightUnit = keyof typeof weights;

/** In units of 0.01 centimetre (inch: 2.54 cm). */
const lengths = { CMT: 100n, INH: 254n } as const;
export type LengthUnit = keyof typeof lengths;

const isWeightUnit = (uom: string): uom is WeightUnit => Object.hasOwn(weights, uom);

/**
 * A weight in another unit as decimal text with at most `places` decimals.
 * @returns undefined for a unit that is no weight, and for what is not more than zero
 */
export function weightIn({ value, uom }: Quantity, unit: WeightUnit, places: number): string | undefined {
  return isWeightUnit(uom) ? converted(value, weights[uom], weights[unit], places) : undefined;
}

/** A length in another unit, as `weightIn`. */
export function lengthIn(
  value: string,
  from: LengthUnit,
  unit: LengthUnit,
  places: number,
): string | undefined {
  return converted(value, lengths[from], lengths[unit], places);
}

/** The sum of weights in one unit, each rounded for itself; undefined when one of them is no weight. */
export function totalWeight(
  quantities: readonly Quantity[],
  unit: WeightUnit,
  places: number,
): string | undefined {
  const scale = 10n ** BigInt(places);
  let sum = 0n;
  for (const quantity of quantities) {
    const weight = weightIn(quantity, unit, places);
    if (weight === undefined) return undefined;
    const [whole = '0', fraction = ''] = weight.split('.');
    sum += BigInt(whole) * scale + BigInt(fraction.padEnd(places, '0') || '0');
  }
  return textOf(sum, places);
}

function converted(value: string, from: bigint, to: bigint, places: number): string | undefined {
  const plain = plainDecimal(value);
  if (plain === undefined || plain === '0' || plain.startsWith('-')) return undefined;
  const [whole = '0', fraction = ''] = plain.split('.');
  const numerator = BigInt(whole + fraction) * from * 10n ** BigInt(places);
  const denominator = to * 10n ** BigInt(fraction.length);
  return textOf((numerator + denominator - 1n) / denominator, places);
}

function textOf(scaled: bigint, places: number): string | undefined {
  const digits = scaled.toString().padStart(places + 1, '0');
  return plainDecimal(places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`);
}
