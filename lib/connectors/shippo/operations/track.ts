import { FatalError } from '../../../model/errors';
import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { object, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { refusal, sendShippo } from '../client';

/** GET /tracks/{Carrier}/{TrackingNumber}. @throws FatalError CARRIER_MISSING where nobody names the carrier */
export async function readTrack(trackingNumber: string, call: CallContext, carrier?: string) {
  const named = carrier ?? text(call.settings.carrier, 60);
  if (named === undefined)
    throw new FatalError('CARRIER_MISSING', 'Shippo tracks a number of a carrier', {
      hint: "Name the carrier's token in the input or in the partner.",
    });
  const path = `/tracks/${encodeURIComponent(named.toLowerCase())}/${encodeURIComponent(trackingNumber)}`;
  return reading(() => sendShippo(call, { method: 'GET', path }));
}

export const track = trackOperation({
  title: 'Track a parcel',
  description: 'Reads the history of a tracking number.',
  read: readTrack,
  refusal: (response, call) => refusal(response, call, false, () => undefined),
  latest(answer) {
    const data = object(answer);
    if (data === undefined || data.tracking_number === undefined) return undefined;
    const current = object(data.tracking_status);
    const status = text(current?.status, 100);
    const found = status !== undefined && status !== 'UNKNOWN';
    return { found, status, description: text(current?.status_details, 1000) };
  },
});
