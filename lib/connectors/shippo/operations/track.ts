import type { z } from 'zod';
import { FatalError } from '../../../model/errors';
import { unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { object, text } from '../../kit/text';
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

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a parcel',
  description: 'Reads the history of a tracking number.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber, carrier }, call) {
    const response = await readTrack(trackingNumber, call, carrier);
    const answer = response.json();
    if (response.status === 404)
      return { outcome: 'ok', output: { trackingNumber, found: false, answer }, confirmed: true };
    const refused = refusal(response, call, false, () => undefined);
    if (refused !== undefined) return refused;
    const data = object(answer);
    if (data === undefined || data.tracking_number === undefined) return unreadable(false);
    const current = object(data.tracking_status);
    const status = text(current?.status, 100);
    const found = status !== undefined && status !== 'UNKNOWN';
    const description = text(current?.status_details, 1000);
    const output = present({ trackingNumber, found, status, description, answer });
    return { outcome: 'ok', output, confirmed: true };
  },
});
