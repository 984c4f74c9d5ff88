/** SAP units and their ISO codes by UNECE Rec 20; SAP's ST is a piece, Rec 20's is a sheet. Others are left out, not guessed. */
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
export const sapUnit = (unit: string | undefined): string | undefined => units[unit ?? ''];
