/** Addresses as the USPS APIs take and give them. */
import type { PostalAddress } from '../kit/address';
import { tooLong } from '../kit/address-room';
import { type Json, object, text } from '../kit/text';

/** States and the possessions that USPS serves as states. */
export const isDomestic = ({ country }: PostalAddress) => country === 'US' || country in possessions;

const possessions: Readonly<Record<string, string>> = {
  PR: 'PR',
  GU: 'GU',
  VI: 'VI',
  AS: 'AS',
  MP: 'MP',
  FM: 'FM',
  MH: 'MH',
  PW: 'PW',
};

export const stateOf = ({ region, country }: PostalAddress) => possessions[country] ?? region;

/** `62701-0001` in its two parts. */
function zipOf(postalCode: string | undefined): Json {
  const [, zip, plus4] = /^(\d{5})-?(\d{4})?$/.exec(postalCode?.trim() ?? '') ?? [];
  return {
    ...(zip === undefined ? {} : { ZIPCode: zip }),
    ...(plus4 === undefined ? {} : { ZIPPlus4: plus4 }),
  };
}

/** USPS prints first and last name: the last word is the last name; a single word is a firm. */
function nameOf({ name, company }: PostalAddress): Json {
  const words = (name ?? '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const firm = company ?? (words.length === 1 ? words[0] : undefined);
  return {
    ...(words.length < 2
      ? {}
      : {
          firstName: words.slice(0, -1).join(' ').slice(0, 50),
          lastName: (words.at(-1) ?? '').slice(0, 50),
        }),
    ...(firm === undefined ? {} : { firm: firm.slice(0, 50) }),
  };
}

/** A sentence when an address is longer than USPS takes; lines after the first are one secondary address. */
export function unfitAddress(...addresses: PostalAddress[]): string | undefined {
  const room = { carrier: 'USPS', line: 50, city: 28, postalCode: 10 };
  return tooLong(
    room,
    ...addresses.map(({ lines: [street = '', ...others], ...more }) => ({
      ...more,
      lines: [street, others.join(' ')],
    })),
  );
}

export function streetOf(address: PostalAddress): Json {
  const [street = '', ...others] = address.lines;
  return {
    streetAddress: street,
    ...(others.length === 0 ? {} : { secondaryAddress: others.join(' ') }),
    city: address.city,
    ...(stateOf(address) === undefined ? {} : { state: stateOf(address) }),
    ...zipOf(address.postalCode),
  };
}

export function labelAddress(address: PostalAddress): Json {
  const phone = address.phone?.replace(/[^\d+]/g, '');
  return {
    ...streetOf(address),
    ...nameOf(address),
    ...(phone !== undefined && /^\+?\d{6,15}$/.test(phone) ? { phone } : {}),
    ...(address.email === undefined ? {} : { email: address.email }),
  };
}

/** The address that USPS answers; undefined when it lacks a street or a city. */
export function postalAddressOf(answer: unknown): PostalAddress | undefined {
  const address = object(answer);
  const street = text(address?.streetAddress, 100);
  const city = text(address?.city, 60);
  if (street === undefined || city === undefined) return undefined;
  const second = text(address?.secondaryAddress, 100);
  const region = text(address?.state, 10);
  const zip = text(address?.ZIPCode, 10);
  const plus4 = text(address?.ZIPPlus4, 10);
  return {
    lines: second === undefined ? [street] : [street, second],
    city,
    ...(region === undefined ? {} : { region }),
    ...(zip === undefined ? {} : { postalCode: plus4 === undefined ? zip : `${zip}-${plus4}` }),
    country: 'US',
  };
}
