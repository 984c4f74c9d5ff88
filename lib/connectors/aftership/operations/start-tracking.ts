import { z } from 'zod';
import { lookUpUnanswered, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { present } from '../../kit/present';
import { type Json, object, text } from '../../kit/text';
import {
  aftershipError,
  basePath,
  rateLimitHeaders,
  readTrackings,
  refusal,
  sendAftership,
  trackingIn,
} from '../client';

const input = z.object({
  trackingNumber: z.string().min(1).max(100).describe('Tracking number'),
  carrier: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('Slug of the carrier, e.g. usps; detected where it is left out'),
  orderNumber: z.string().max(100).optional().describe('Comes back with every event'),
  orderId: z.string().max(100).optional(),
});
type Input = z.infer<typeof input>;
const output = z.object({
  trackingId: z.string(),
  trackingNumber: z.string(),
  carrier: z.string().optional(),
});
type Output = z.infer<typeof output>;

/** Answered to a number that is registered already: nothing was changed. */
const alreadyExists = '4003';

function registeredOf(tracking: Json | undefined, wanted: Input): Output | undefined {
  const trackingId = text(tracking?.id, 100);
  if (trackingId === undefined) return undefined;
  const trackingNumber = text(tracking?.tracking_number, 100) ?? wanted.trackingNumber;
  return present({ trackingId, trackingNumber, carrier: text(tracking?.slug, 60) ?? wanted.carrier });
}

/** https://www.aftership.com/docs/tracking/2025-01/reference/trackings: POST /trackings. A number is registered once a carrier. */
export const startTracking = operation<Input, Output>({
  id: 'startTracking',
  title: 'Start tracking',
  description: 'Registers a number, so that AfterShip follows it and sends its events.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  rateLimitHeaders,
  input,
  output,
  target: ({ trackingNumber, carrier }) => `tracking/${carrier ?? '*'}/${trackingNumber}`,
  async send(wanted, call) {
    const json = present({
      tracking_number: wanted.trackingNumber,
      slug: wanted.carrier,
      order_number: wanted.orderNumber,
      order_id: wanted.orderId,
    });
    const response = await sendAftership(call, { method: 'POST', path: basePath, json });
    const data = object(object(response.json())?.data);
    const registered = registeredOf(object(data?.tracking) ?? data, wanted);
    const exists = aftershipError(response)?.code === alreadyExists;
    if (!exists) {
      const refused = refusal(response, call, true);
      if (refused !== undefined) return refused;
    }
    if (registered !== undefined)
      return { outcome: 'ok', output: registered, confirmed: true, reference: registered.trackingId };
    return unreadable(true);
  },
  async lookUp(wanted, call) {
    const response = await readTrackings(wanted.trackingNumber, call, wanted.carrier);
    const answer = response.json();
    if (response.status !== 200 || !Array.isArray(object(object(answer)?.data)?.trackings))
      throw lookUpUnanswered('AfterShip', response);
    const registered = registeredOf(trackingIn(answer, wanted.trackingNumber), wanted);
    return registered === undefined
      ? { found: false }
      : { found: true, output: registered, confirmed: true, reference: registered.trackingId };
  },
});
