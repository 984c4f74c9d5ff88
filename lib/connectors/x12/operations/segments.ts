/** Segments that several documents share. */
import { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import type { Delivered } from '../../kit/edi/deliver';

export const delivered = z.object({
  controlNumber: z.string(),
  delivered: z.enum(['HTTP', 'FILE']),
  fileName: z.string().optional(),
}) as z.ZodType<Delivered>;

/** N1, N3 and N4 of a party. */
export function addressSegments(entity: string, address: PostalAddress, id?: string): string[][] {
  const [first = '', second = '', third] = address.lines;
  const name = address.company ?? address.name ?? first;
  return [
    id === undefined ? ['N1', entity, name.slice(0, 60)] : ['N1', entity, name.slice(0, 60), '92', id],
    ['N3', first.slice(0, 55), second.slice(0, 55)],
    ...(third === undefined ? [] : [['N3', third.slice(0, 55)]]),
    ['N4', address.city.slice(0, 30), address.region ?? '', address.postalCode ?? '', address.country],
  ];
}

/** CCYYMMDD of a calendar day. */
export const x12Date = (day: string): string => day.replaceAll('-', '');

/** UNECE Rec 20 units in element 355 where they differ. */
const units: ReadonlyMap<string, string> = new Map(
  Object.entries({ LBR: 'LB', KGM: 'KG', GRM: 'GR', ONZ: 'OZ', H87: 'PC', CS: 'CA', DZN: 'DZ' }),
);

export const x12Unit = (uom: string): string => units.get(uom) ?? uom.slice(0, 2);
