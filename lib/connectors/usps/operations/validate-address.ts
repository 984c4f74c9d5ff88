import type { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { validateAddress as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { object, text } from '../../kit/text';
import { isDomestic, postalAddressOf, stateOf, streetOf, unfitAddress } from '../address';
import { sendUsps, uspsError } from '../client';

function queryOf(address: PostalAddress): string {
  const fields = { firm: address.company, ...streetOf(address) };
  return Object.entries(fields)
    .flatMap(([name, value]) => (typeof value === 'string' ? [`${name}=${encodeURIComponent(value)}`] : []))
    .join('&');
}

/** DPV confirmations other than `Y` (Addresses v3, AddressAdditionalInfo.DPVConfirmation). */
const unconfirmed: Readonly<Record<string, string>> = {
  D: 'the apartment or suite number is missing',
  S: 'the apartment or suite number is not confirmed',
  N: 'USPS does not confirm the address',
};

/** Addresses v3: GET /addresses/v3/address (https://developers.usps.com/addressesv3). A 2xx may hold an address that nobody confirmed. */
export const validateAddress = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'validateAddress',
  title: 'Validate an address',
  description:
    'Checks an address in the United States; one that USPS does not confirm is the business exception ADDRESS_INVALID.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ address }) => `address/${address.country}/${address.postalCode ?? address.city}`,
  async send({ address }, call) {
    if (!isDomestic(address) || stateOf(address) === undefined)
      return { outcome: 'fatal', message: 'USPS checks addresses in the United States, by their state' };
    const unfit = unfitAddress(address);
    if (unfit !== undefined) return { outcome: 'business', code: 'ADDRESS_INVALID', message: unfit };
    const path = `/addresses/v3/address?${queryOf(address)}`;
    const response = await reading(() => sendUsps(call, { method: 'GET', path }));
    const refusal = refusalOf(response, call, {
      write: false,
      error: uspsError(response),
      exception: (_error, status) => (status === 400 || status === 404 ? 'ADDRESS_INVALID' : undefined),
    });
    if (refusal !== undefined) return refusal;
    const answer = object(response.json());
    const confirmation = text(object(answer?.additionalInfo)?.DPVConfirmation, 1);
    if (confirmation === undefined) return unreadable(false);
    if (confirmation !== 'Y')
      return {
        outcome: 'business',
        code: 'ADDRESS_INVALID',
        message: unconfirmed[confirmation] ?? 'USPS does not confirm the address',
        vendorCode: `DPV-${confirmation}`,
      };
    const corrected = postalAddressOf(answer?.address);
    return {
      outcome: 'ok',
      output: { valid: true, ...(corrected === undefined ? {} : { corrected }) },
      confirmed: true,
    };
  },
});
