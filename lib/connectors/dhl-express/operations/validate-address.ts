import type { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import { refusalOf } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { validateAddress as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
import { dhlError, sendDhl } from '../client';

/** DHL answers with the place alone: the street is the one we asked about. */
function corrected(place: Json, asked: PostalAddress): PostalAddress {
  const city = text(place.cityName, 60) ?? asked.city;
  const postalCode = text(place.postalCode, 12) ?? asked.postalCode;
  return {
    ...asked,
    city,
    ...(postalCode === undefined ? {} : { postalCode }),
    country: text(place.countryCode, 2) ?? asked.country,
  };
}

/** MyDHL API: GET /address-validate. A place that DHL does not serve is no place, whether by an empty list, 400 or 404. */
export const validateAddress = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'validateAddress',
  title: 'Validate an address',
  description:
    'Checks that DHL Express delivers to the postal code and city, not whether the street exists; one it does not serve is the business exception ADDRESS_INVALID.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ address }) => `address/${address.country}/${address.postalCode ?? address.city}`,
  async send({ address }, call) {
    const response = await reading(() =>
      sendDhl(call, {
        method: 'GET',
        path: '/address-validate',
        query: {
          type: 'delivery',
          countryCode: address.country,
          ...(address.postalCode === undefined ? {} : { postalCode: address.postalCode }),
          cityName: address.city,
          strictValidation: 'true',
        },
      }),
    );
    const refusal = refusalOf(response, call, {
      write: false,
      error: dhlError(response),
      exception: () => 'ADDRESS_INVALID',
    });
    if (refusal !== undefined) return refusal;
    const place = object(list(object(response.json())?.address)[0]);
    if (place === undefined)
      return {
        outcome: 'business',
        code: 'ADDRESS_INVALID',
        message: 'DHL Express does not know this postal code and city',
      };
    return {
      outcome: 'ok',
      output: { valid: true, corrected: corrected(place, address) },
      confirmed: true,
    };
  },
});
