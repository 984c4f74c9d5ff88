import type { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { validateAddress as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { type Json, list, object, objects, text } from '../../kit/text';
import { addressOf, labelException, refusal, sendShipengine } from '../client';

function correctedOf(matched: Json | undefined): PostalAddress | undefined {
  const lines = [matched?.address_line1, matched?.address_line2, matched?.address_line3].flatMap(
    (line) => text(line, 100) ?? [],
  );
  const city = text(matched?.city_locality, 60);
  const country = text(matched?.country_code, 2);
  if (lines.length === 0 || city === undefined || country === undefined) return undefined;
  return present({
    lines,
    city,
    country,
    region: text(matched?.state_province, 10),
    postalCode: text(matched?.postal_code, 20),
  });
}

/** openapi.yaml: POST /v1/addresses/validate. A 2xx holds a result an address: `error` is an address that does not exist. */
export const validateAddress = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'validateAddress',
  title: 'Validate an address',
  description: 'Checks an address; one that does not exist is the business exception ADDRESS_INVALID.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ address }) => `address/${address.country}/${address.postalCode ?? address.city}`,
  async send({ address }, call) {
    if (address.region === undefined)
      return { outcome: 'fatal', message: 'ShipEngine needs a state or province' };
    const json = [addressOf(address)];
    const response = await reading(() =>
      sendShipengine(call, { method: 'POST', path: '/v1/addresses/validate', json }),
    );
    const refused = refusal(response, call, false, (error) =>
      labelException(error) === undefined ? undefined : 'ADDRESS_INVALID',
    );
    if (refused !== undefined) return refused;
    const result = object(list(response.json())[0]);
    const status = text(result?.status, 60);
    if (result === undefined || status === undefined) return unreadable(false);
    if (status === 'error') {
      const messages = objects(result.messages, 20);
      const message = messages.flatMap((item) => text(item.message, 300) ?? []).join('; ');
      const vendorCode = text(messages[0]?.detail_code, 100) ?? text(messages[0]?.code, 100) ?? status;
      return {
        outcome: 'business',
        code: 'ADDRESS_INVALID',
        message: message || 'ShipEngine could not find the address',
        vendorCode,
      };
    }
    // `unverified` was not checked at all (an unsupported country, say): it is no proof in either direction.
    const valid = status === 'verified' || status === 'warning';
    const output = present({ valid, corrected: correctedOf(object(result.matched_address)) });
    return { outcome: 'ok', output, confirmed: true };
  },
});
