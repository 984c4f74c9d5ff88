import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { present } from '../../kit/present';
import { object, objects, text } from '../../kit/text';
import { rateLimitHeaders, readTrackings, refusal, trackingIn } from '../client';

/** https://www.aftership.com/docs/tracking/2025-01/reference/trackings: GET /trackings. A number that nobody registered is not found. */
export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a parcel',
  description: 'Reads the checkpoints of a number that AfterShip follows; startTracking registers one.',
  kind: 'carrier',
  safety: 'read',
  rateLimitHeaders,
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber, carrier }, call) {
    const response = await readTrackings(trackingNumber, call, carrier);
    const refused = refusal(response, call, false);
    if (refused !== undefined) return refused;
    const answer = response.json();
    if (!Array.isArray(object(object(answer)?.data)?.trackings)) return unreadable(false);
    const tracking = trackingIn(answer, trackingNumber);
    const latest = objects(tracking?.checkpoints).at(-1);
    const output = present({
      trackingNumber,
      found: tracking !== undefined,
      status: text(latest?.subtag ?? tracking?.subtag ?? tracking?.tag, 100),
      description: text(latest?.message, 1000) ?? text(tracking?.subtag_message, 1000),
      answer,
    });
    return { outcome: 'ok', output, confirmed: true };
  },
});
