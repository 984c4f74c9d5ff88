import { z } from 'zod';
import { type AddressAnswer, addressAnswer, type PostalAddress, postalAddress } from '../../kit/address';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
import { sendUps, upsError } from '../client';

const input = z.object({ address: postalAddress.describe('Address in the United States or Puerto Rico') });

/** The first candidate, in our words; undefined when it lacks a street or a city. */
function candidateOf(answer: Json): PostalAddress | undefined {
  const format = object(object(list(answer.Candidate)[0])?.AddressKeyFormat);
  const lines = list(format?.AddressLine).flatMap((line) => text(line, 100) ?? []);
  const city = text(format?.PoliticalDivision2, 60);
  if (format === undefined || lines.length === 0 || city === undefined) return undefined;
  const extended = text(format.PostcodeExtendedLow, 10);
  const region = text(format.PoliticalDivision1, 10);
  const postcode = text(format.PostcodePrimaryLow, 10);
  return {
    lines: lines.slice(0, 3),
    city,
    ...(region === undefined ? {} : { region }),
    ...(postcode === undefined
      ? {}
      : { postalCode: extended === undefined ? postcode : `${postcode}-${extended}` }),
    country: text(format.CountryCode, 2) ?? 'US',
  };
}

/** AddressValidation.yaml: POST /api/addressvalidation/v2/1. A 2xx may say that there is no such address. */
export const validateAddress = operation<z.infer<typeof input>, AddressAnswer>({
  id: 'validateAddress',
  title: 'Validate an address',
  description:
    'Checks a street address; an unknown or ambiguous one is the business exception ADDRESS_INVALID.',
  kind: 'carrier',
  safety: 'read',
  input,
  output: addressAnswer,
  target: ({ address }) => `address/${address.country}/${address.postalCode ?? address.city}`,
  async send({ address }, call) {
    const format = {
      ...(address.company === undefined ? {} : { ConsigneeName: address.company }),
      AddressLine: address.lines,
      PoliticalDivision2: address.city,
      ...(address.region === undefined ? {} : { PoliticalDivision1: address.region }),
      ...(address.postalCode === undefined ? {} : { PostcodePrimaryLow: address.postalCode.slice(0, 5) }),
      CountryCode: address.country,
    };
    const json = { XAVRequest: { AddressKeyFormat: format } };
    const response = await reading(() =>
      sendUps(call, { method: 'POST', path: '/api/addressvalidation/v2/1', json }),
    );
    const refusal = refusalOf(response, call, {
      write: false,
      error: upsError(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const answer = object(object(response.json())?.XAVResponse);
    if (answer === undefined) return unreadable(false);
    if (answer.NoCandidatesIndicator !== undefined)
      return {
        outcome: 'business',
        code: 'ADDRESS_INVALID',
        message: 'UPS knows no such address',
        vendorCode: 'NoCandidatesIndicator',
      };
    if (answer.AmbiguousAddressIndicator !== undefined)
      return {
        outcome: 'business',
        code: 'ADDRESS_INVALID',
        message: 'UPS knows several such addresses',
        vendorCode: 'AmbiguousAddressIndicator',
      };
    if (answer.ValidAddressIndicator === undefined) return unreadable(false);
    const corrected = candidateOf(answer);
    return {
      outcome: 'ok',
      output: { valid: true, ...(corrected === undefined ? {} : { corrected }) },
      confirmed: true,
    };
  },
});
