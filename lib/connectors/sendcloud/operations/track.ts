import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { object, objects, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { refusal, sendSendcloud } from '../client';

/** https://sendcloud.dev/api/v2/tracking: GET /api/v2/tracking/{tracking_number} */
export async function readTracking(trackingNumber: string, call: CallContext) {
  const path = `/api/v2/tracking/${encodeURIComponent(trackingNumber)}`;
  return reading(() => sendSendcloud(call, { method: 'GET', path }));
}

export const track = trackOperation({
  title: 'Track a parcel',
  description: 'Reads the history of a parcel that was announced through Sendcloud.',
  read: readTracking,
  refusal: (response, call) => refusal(response, call, false, undefined),
  latest(answer) {
    const statuses = object(answer)?.statuses;
    if (!Array.isArray(statuses)) return undefined;
    const timeOf = (item: { carrier_update_timestamp?: unknown }) =>
      text(item.carrier_update_timestamp, 60) ?? '';
    const latest = objects(statuses).toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))[0];
    return {
      found: true,
      status: text(latest?.parent_status, 100),
      description: text(latest?.carrier_message, 1000),
    };
  },
});
