/** Contacts and addresses as the FedEx APIs take them. */
import type { PostalAddress } from '../kit/address';
import type { Json } from '../kit/text';

export const room = { carrier: 'FedEx', line: 35, city: 35, postalCode: 10 };

export function addressOf({ lines, city, region, postalCode, country }: PostalAddress): Json {
  return {
    streetLines: lines,
    city,
    ...(region === undefined ? {} : { stateOrProvinceCode: region }),
    ...(postalCode === undefined ? {} : { postalCode }),
    countryCode: country,
  };
}

/** Undefined without a phone number or any name: FedEx wants both. */
export function partyOf(address: PostalAddress): Json | undefined {
  const { name, company, phone, email } = address;
  const digits = phone?.replace(/\D/g, '').slice(0, 15);
  if (!digits || (name ?? company) === undefined) return undefined;
  return {
    contact: {
      ...(name === undefined ? {} : { personName: name.slice(0, 70) }),
      ...(company === undefined ? {} : { companyName: company.slice(0, 35) }),
      phoneNumber: digits,
      ...(email === undefined ? {} : { emailAddress: email.slice(0, 80) }),
    },
    address: addressOf(address),
  };
}
