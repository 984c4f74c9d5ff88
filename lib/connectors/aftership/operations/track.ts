import { object, objects, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { rateLimitHeaders, readTrackings, refusal, trackingIn } from '../client';

/** https://www.aftership.com/docs/tracking/2025-01/reference/trackings: GET /trackings. A number that nobody registered is not found. */
export const track = trackOperation({
  title: 'Track a parcel',
  description: 'Reads the checkpoints of a number that AfterShip follows; startTracking registers one.',
  rateLimitHeaders,
  read: readTrackings,
  // A number that nobody registered is an empty list.
  isUnknown: () => false,
  refusal: (response, call) => refusal(response, call, false),
  latest(answer, trackingNumber) {
    if (!Array.isArray(object(object(answer)?.data)?.trackings)) return undefined;
    const tracking = trackingIn(answer, trackingNumber);
    const latest = objects(tracking?.checkpoints).at(-1);
    return {
      found: tracking !== undefined,
      status: text(latest?.subtag ?? tracking?.subtag ?? tracking?.tag, 100),
      description: text(latest?.message, 1000) ?? text(tracking?.subtag_message, 1000),
    };
  },
});
