import type { z } from 'zod';
import type { PostalAddress } from '../../kit/address';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { validateAddress as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
import { addressOf, easypostError, sendEasypost } from '../client';

function correctedOf(answer: Json): PostalAddress | undefined {
  const lines = [answer.street1, answer.street2].flatMap((line) => text(line, 100) ?? []);
  const city = text(answer.city, 60);
  const country = text(answer.country, 2);
  if (lines.length === 0 || city === undefined || country === undefined) return undefined;
  const region = text(answer.state, 10);
  const postalCode = text(answer.zip, 20);
  return {
    lines,
    city,
    country,
    ...(region === undefined ? {} : { region }),
    ...(postalCode === undefined ? {} : { postalCode }),
  };
}

/** https://docs.easypost.com/docs/addresses: POST /v2/addresses with `verify`. A 2xx may hold a verification that failed. */
export const validateAddress = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'validateAddress',
  title: 'Validate an address',
  description:
    'Checks an address; one that cannot be delivered to is the business exception ADDRESS_INVALID.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ address }) => `address/${address.country}/${address.postalCode ?? address.city}`,
  async send({ address }, call) {
    const json = { address: { ...addressOf(address), verify: true } };
    const response = await reading(() => sendEasypost(call, { method: 'POST', path: '/v2/addresses', json }));
    const refusal = refusalOf(response, call, {
      write: false,
      error: easypostError(response),
      exception: (error) => (error?.code?.startsWith('ADDRESS.') ? 'ADDRESS_INVALID' : undefined),
    });
    if (refusal !== undefined) return refusal;
    const answer = object(response.json());
    const checks = Object.values(object(answer?.verifications) ?? {}).map((check) => object(check));
    if (answer === undefined || checks.length === 0) return unreadable(false);
    const failed = checks.find((check) => check?.success !== true);
    if (failed !== undefined) {
      const error = object(list(failed?.errors)[0]);
      const vendorCode = text(error?.code, 200);
      const message = text(error?.message, 1000) ?? 'EasyPost could not verify the address';
      return {
        outcome: 'business',
        code: 'ADDRESS_INVALID',
        message,
        ...(vendorCode === undefined ? {} : { vendorCode }),
      };
    }
    const corrected = correctedOf(answer);
    return {
      outcome: 'ok',
      output: { valid: true, ...(corrected === undefined ? {} : { corrected }) },
      confirmed: true,
    };
  },
});
