/** What SAP's interfaces have in common: authentication and units of measure. */
import { z } from 'zod';
import type { Quantity } from '../../model/fact';
import type { CallContext } from './connector';
import { plainDecimal } from './decimal';
import { bearer } from './outbound';

/** Of communication arrangements (https://help.sap.com/docs/SAP_S4HANA_CLOUD, inbound communication users). */
export const sapAuthentication = z
  .enum(['basic', 'bearer', 'certificate'])
  .default('basic')
  .describe(
    'How calls to SAP are authenticated: a communication user, an OAuth access token, or the client certificate of the communication user',
  );

/** `Authorization` values, the current secret first. */
export function sapAuthorizations(
  call: CallContext,
  authentication: z.infer<typeof sapAuthentication>,
): string[] {
  // The connection itself says who we are.
  if (authentication === 'certificate') return [];
  if (authentication === 'bearer') return bearer(call);
  const users = call.secrets('username');
  return call.secrets('password').map((password, at) => {
    const user = users[at] ?? users[0] ?? '';
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  });
}

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
