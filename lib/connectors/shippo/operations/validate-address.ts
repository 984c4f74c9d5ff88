import type { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { validateAddress as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { type Json, object, text } from '../../kit/text';
import { addressOf, codeIn, messagesOf, refusal, sendShippo } from '../client';

function correctedOf(answer: Json): PostalAddress | undefined {
  const lines = [answer.street1, answer.street2, answer.street3].flatMap((line) => text(line, 100) ?? []);
  const city = text(answer.city, 60);
  const country = text(answer.country, 2);
  if (lines.length === 0 || city === undefined || country === undefined) return undefined;
  return present({ lines, city, country, region: text(answer.state, 10), postalCode: text(answer.zip, 20) });
}

/** docs.goshippo.com/docs/address/address: POST /addresses with `validate`. A 2xx may hold `is_valid: false`. */
export const validateAddress = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'validateAddress',
  title: 'Validate an address',
  description: 'Checks an address; one that is not valid is the business exception ADDRESS_INVALID.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ address }) => `address/${address.country}/${address.postalCode ?? address.city}`,
  async send({ address }, call) {
    const json = { ...addressOf(address), validate: true };
    const response = await reading(() => sendShippo(call, { method: 'POST', path: '/addresses', json }));
    const refused = refusal(response, call, false, () => 'ADDRESS_INVALID');
    if (refused !== undefined) return refused;
    const answer = object(response.json());
    const results = object(answer?.validation_results);
    if (answer === undefined || typeof results?.is_valid !== 'boolean') return unreadable(false);
    if (!results.is_valid)
      return {
        outcome: 'business',
        code: 'ADDRESS_INVALID',
        message: messagesOf(results) || 'Shippo could not validate the address',
        ...codeIn(results),
      };
    const output = present({ valid: true, corrected: correctedOf(answer) });
    return { outcome: 'ok', output, confirmed: true };
  },
});
