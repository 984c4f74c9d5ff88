/** Weights and dimensions as UPS takes them: whole centimetres or inches, weights with one decimal (Shipping.yaml, Package). */
import type { Quantity } from '../../model/fact';
import type { Parcel } from '../kit/contracts/carrier';
import { lengthIn, totalWeight, weightIn } from '../kit/measures';
import type { Json } from '../kit/text';

/** `The unit of measurement must be valid for the Shipper country`: pounds and inches in the United States and Puerto Rico. */
const imperial = new Set(['US', 'PR']);

/** Undefined when a weight is none. */
export function packageWeight(weight: Quantity, country: string): Json | undefined {
  const pounds = imperial.has(country);
  const value = weightIn(weight, pounds ? 'LBR' : 'KGM', 1);
  return value === undefined
    ? undefined
    : { UnitOfMeasurement: { Code: pounds ? 'LBS' : 'KGS' }, Weight: value };
}

/** The longest side first, as UPS wants it; undefined when not all three are known. */
export function dimensionsOf(parcel: Parcel, country: string): Json | undefined {
  const { length, width, height, dimensionUom } = parcel;
  if (length === undefined || width === undefined || height === undefined) return undefined;
  const inches = imperial.has(country);
  const sides = [length, width, height].map((side) =>
    lengthIn(side, dimensionUom, inches ? 'INH' : 'CMT', 0),
  );
  const [Length, Width, Height] = sides
    .filter((side) => side !== undefined)
    .toSorted((a, b) => Number(b) - Number(a));
  if (Height === undefined) return undefined;
  return { UnitOfMeasurement: { Code: inches ? 'IN' : 'CM' }, Length, Width, Height };
}

/** The weight of a whole pickup (Pickup.yaml, TotalWeight: one decimal). */
export function pickupWeight(weight: Quantity, country: string): Json | undefined {
  const pounds = imperial.has(country);
  const Weight = totalWeight([weight], pounds ? 'LBR' : 'KGM', 1);
  return Weight === undefined ? undefined : { Weight, UnitOfMeasurement: pounds ? 'LBS' : 'KGS' };
}
