import { refusalOf } from '../../kit/answers';
import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { sendUsps, uspsError } from '../client';

/** Tracking v3: GET /tracking/v3/tracking/{trackingNumber} (https://developers.usps.com/trackingv3). */
export async function readTrack(trackingNumber: string, call: CallContext) {
  const path = `/tracking/v3/tracking/${encodeURIComponent(trackingNumber)}?expand=DETAIL`;
  return reading(() => sendUsps(call, { method: 'GET', path }));
}

export const track = trackOperation({
  title: 'Track a package',
  description: 'Reads all events of a tracking number.',
  read: readTrack,
  refusal: (response, call) =>
    refusalOf(response, call, { write: false, error: uspsError(response), exception: () => undefined }),
  latest(answer, trackingNumber) {
    const body = object(answer);
    if (body === undefined) return undefined;
    const status = text(object(list(body.trackingEvents)[0])?.eventCode, 100);
    const description = text(body.status, 1000);
    return {
      found: status !== undefined || description !== undefined,
      status,
      description,
      // USPS does not always repeat the number: `normalize` needs it.
      answer: body.trackingNumber === undefined ? { trackingNumber, ...body } : answer,
    };
  },
});
