/** Parties as the MyDHL API takes them: every one has a phone, a company and a full name. */
import type { PostalAddress } from '../kit/address';
import type { Json } from '../kit/text';

export const room = { carrier: 'DHL', line: 45, city: 45, postalCode: 12 };

/** Undefined without a phone number or any name. */
export function partyOf(address: PostalAddress): Json | undefined {
  const { name, company, phone, email, lines, city, region, postalCode, country } = address;
  const fullName = name ?? company;
  if (phone === undefined || fullName === undefined) return undefined;
  const [line1 = '', line2, line3] = lines;
  return {
    postalAddress: {
      postalCode: postalCode ?? '',
      cityName: city,
      countryCode: country,
      ...(region === undefined || region.length < 2 ? {} : { provinceCode: region }),
      addressLine1: line1,
      ...(line2 === undefined ? {} : { addressLine2: line2 }),
      ...(line3 === undefined ? {} : { addressLine3: line3 }),
    },
    contactInformation: {
      phone,
      companyName: company ?? fullName,
      fullName,
      ...(email === undefined ? {} : { email: email.slice(0, 70) }),
    },
  };
}
