/** What SAP's interfaces have in common: units of measure. */
import type { Quantity } from '../../model/fact';
import { plainDecimal } from './decimal';

/** SAP units by their UNECE Rec 20 codes; SAP's ST is a piece, Rec 20's is a sheet. Others are left out, not guessed. */
const units: Readonly<Record<string, string>> = {
  EA: 'EA',
  PC: 'H87',
  PCE: 'H87',
  ST: 'H87',
  KG: 'KGM',
  KGM: 'KGM',
  G: 'GRM',
  GRM: 'GRM',
  TO: 'TNE',
  TNE: 'TNE',
  L: 'LTR',
  LTR: 'LTR',
  M: 'MTR',
  MTR: 'MTR',
  M2: 'MTK',
  MTK: 'MTK',
  M3: 'MTQ',
  MTQ: 'MTQ',
};

/** The Rec 20 code of a unit, or undefined where we do not know it. */
export const sapUnit = (unit: string | null | undefined): string | undefined => units[unit ?? ''];

/** A quantity in a unit that SAP wrote; undefined when the number is unreadable or the unit is not known. */
export function sapQuantity(
  value: string | null | undefined,
  unit: string | null | undefined,
): Quantity | undefined {
  const amount = plainDecimal(value ?? '');
  const uom = sapUnit(unit);
  return amount === undefined || uom === undefined ? undefined : { value: amount, uom };
}
