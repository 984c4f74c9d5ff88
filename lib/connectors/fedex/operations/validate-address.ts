import type { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import { tooLong } from '../../kit/address-room';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { validateAddress as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
import { fedexError, sendFedex } from '../client';
import { addressOf, room } from '../party';

/** FedEx writes its attributes as booleans or as text. */
const isTrue = (value: unknown) => value === true || value === 'true';

/** The attribute that says what is wrong with an address; undefined when it is a good one. */
function faultOf(attributes: Json, country: string): string | undefined {
  if (attributes.AddressType !== 'STANDARDIZED') return 'NOT_STANDARDIZED';
  if (attributes.Resolved !== undefined && !isTrue(attributes.Resolved)) return 'NOT_RESOLVED';
  for (const fault of ['MultipleMatches', 'InvalidSuiteNumber', 'SuiteRequiredButMissing'])
    if (isTrue(attributes[fault])) return fault;
  // Delivery points are known for addresses in the United States only.
  const noPoint = country === 'US' && attributes.DPV !== undefined && !isTrue(attributes.DPV);
  return noPoint ? 'NO_DELIVERY_POINT' : undefined;
}

function corrected(resolved: Json, asked: PostalAddress): PostalAddress | undefined {
  const lines = list(resolved.streetLinesToken, 3).flatMap((line) => text(line, 100) ?? []);
  const city = text(resolved.city, 60);
  if (lines.length === 0 || city === undefined) return undefined;
  const region = text(resolved.stateOrProvinceCode, 10);
  const parsed = object(resolved.parsedPostalCode);
  const base = text(parsed?.base, 10);
  const addOn = text(parsed?.addOn, 10);
  const postalCode = base !== undefined && addOn !== undefined ? `${base}-${addOn}` : base;
  return {
    lines,
    city,
    ...(region === undefined ? {} : { region }),
    ...(postalCode === undefined ? {} : { postalCode }),
    country: text(resolved.countryCode, 2) ?? asked.country,
  };
}

/**
 * Address Validation v1: POST /address/v1/addresses/resolve (https://developer.fedex.com/api/en-us/catalog/address-validation/v1/docs.html).
 * A 2xx may say that FedEx could not match the address (`AddressType` NORMALIZED) or validates none in its country (RAW).
 */
export const validateAddress = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'validateAddress',
  title: 'Validate an address',
  description:
    'Checks a street address; one that FedEx cannot match is the business exception ADDRESS_INVALID.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ address }) => `address/${address.country}/${address.postalCode ?? address.city}`,
  async send({ address }, call) {
    const unfit = tooLong(room, address);
    if (unfit !== undefined) return { outcome: 'business', code: 'ADDRESS_INVALID', message: unfit };
    const json = { addressesToValidate: [{ address: addressOf(address) }] };
    const response = await reading(() =>
      sendFedex(call, { method: 'POST', path: '/address/v1/addresses/resolve', json }),
    );
    const refusal = refusalOf(response, call, {
      write: false,
      error: fedexError(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const resolved = object(list(object(object(response.json())?.output)?.resolvedAddresses)[0]);
    const attributes = object(resolved?.attributes);
    if (resolved === undefined || attributes === undefined) return unreadable(false);
    if (attributes.AddressType === 'RAW')
      return { outcome: 'fatal', message: `FedEx validates no addresses in ${address.country}` };
    const fault = faultOf(attributes, address.country);
    if (fault !== undefined) return invalid(resolved, fault);
    const better = corrected(resolved, address);
    return {
      outcome: 'ok',
      output: { valid: true, ...(better === undefined ? {} : { corrected: better }) },
      confirmed: true,
    };
  },
});

function invalid(resolved: Json, fault: string) {
  const message = object(list(resolved.customerMessage)[0]);
  return {
    outcome: 'business' as const,
    code: 'ADDRESS_INVALID' as const,
    message: text(message?.message, 500) ?? `FedEx does not confirm the address (${fault})`,
    vendorCode: text(message?.code, 100) ?? fault,
  };
}
