import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { text } from '../../kit/text';
import { base, payloadOf, rateLimitHeaders, refusal, sendAmazon } from '../client';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** GET /fba/outbound/2020-07-01/tracking?packageNumber= (getPackageTrackingDetails): by the package's number, an integer. */
export const track = operation<Input, Output>({
  id: 'track',
  title: 'Track a package',
  description: "Reads all events of a package by Amazon's package number.",
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    if (!/^\d{1,10}$/.test(trackingNumber))
      return {
        outcome: 'business',
        code: 'IDENTIFIER_UNRESOLVED',
        message: `${trackingNumber} is no package number of Amazon's network`,
      };
    const path = `${base}/tracking?packageNumber=${trackingNumber}`;
    const response = await reading(() => sendAmazon(call, { method: 'GET', path }));
    if (response.status === 404)
      return {
        outcome: 'ok',
        output: { trackingNumber, found: false, answer: response.json() },
        confirmed: true,
      };
    const refused = refusal(response, call, false);
    if (refused !== undefined) return refused;
    const details = payloadOf(response);
    if (details?.packageNumber === undefined) return unreadable(false);
    const status = text(details.currentStatus, 100);
    const description = text(details.currentStatusDescription, 1000);
    return {
      outcome: 'ok',
      output: {
        trackingNumber,
        found: true,
        ...(status === undefined ? {} : { status }),
        ...(description === undefined ? {} : { description }),
        answer: response.json(),
      },
      confirmed: true,
    };
  },
});
