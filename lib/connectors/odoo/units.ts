/** Units of Odoo's own data (addons/uom/data/uom_data.xml) by their UNECE Rec 20 codes; what a company added itself is ZZ, mutually defined. */
const units: Readonly<Record<string, string>> = {
  Units: 'C62',
  Dozens: 'DZN',
  g: 'GRM',
  kg: 'KGM',
  t: 'TNE',
  lb: 'LBR',
  oz: 'ONZ',
  mm: 'MMT',
  cm: 'CMT',
  m: 'MTR',
  km: 'KMT',
  L: 'LTR',
  'm³': 'MTQ',
  'm²': 'MTK',
};

export const unitCodeOf = (name: string | undefined) => units[name ?? ''] ?? 'ZZ';
