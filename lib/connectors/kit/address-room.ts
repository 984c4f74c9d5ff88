/** Whether addresses fit a carrier's fields: a street that is cut short sends a parcel astray, so it is refused and never cut. */
import type { PostalAddress } from './address';

/** Characters that the carrier's fields take. */
export interface AddressRoom {
  carrier: string;
  line: number;
  city: number;
  postalCode: number;
}

type Written = Pick<PostalAddress, 'lines' | 'city' | 'postalCode'>;

/** A sentence about the first thing that does not fit; it holds nothing of the address itself. */
export function tooLong({ carrier, ...room }: AddressRoom, ...addresses: Written[]): string | undefined {
  for (const { lines, city, postalCode = '' } of addresses) {
    const parts = [
      ...lines.map((line) => ({ what: 'a street line', length: line.length, max: room.line })),
      { what: 'a city', length: city.length, max: room.city },
      { what: 'a postal code', length: postalCode.length, max: room.postalCode },
    ];
    const long = parts.find(({ length, max }) => length > max);
    if (long !== undefined)
      return `${long.what} has ${long.length} characters, and ${carrier} takes ${long.max}: write it shorter`;
  }
  return undefined;
}
