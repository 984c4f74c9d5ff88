import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { list, object, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { refusal, sendShipengine } from '../client';

/** Before the carrier knows the number. */
const unknown = new Set(['UN', 'NY']);

/** openapi.yaml: GET /v1/tracking with the carrier's code or account. */
export async function readTracking(trackingNumber: string, call: CallContext, carrier?: string) {
  const named = carrier ?? text(call.settings.carrierCode, 60);
  const owner = named?.startsWith('se-') ? { carrier_id: named } : { carrier_code: named };
  const query = new URLSearchParams(present({ ...owner, tracking_number: trackingNumber }));
  return reading(() => sendShipengine(call, { method: 'GET', path: `/v1/tracking?${query}` }));
}

export const track = trackOperation({
  title: 'Track a parcel',
  description: 'Reads all scans of a tracking number.',
  read: readTracking,
  refusal: (response, call) => refusal(response, call, false, () => undefined),
  latest(answer) {
    const data = object(answer);
    const status = text(data?.status_code, 100);
    if (data === undefined || status === undefined) return undefined;
    const description = text(data.carrier_status_description, 1000) ?? text(data.status_description, 1000);
    return { found: !unknown.has(status) || list(data.events).length > 0, status, description };
  },
});
