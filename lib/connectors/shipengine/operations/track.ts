import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { list, object, text } from '../../kit/text';
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

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a parcel',
  description: 'Reads all scans of a tracking number.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber, carrier }, call) {
    const response = await readTracking(trackingNumber, call, carrier);
    const answer = response.json();
    if (response.status === 404)
      return { outcome: 'ok', output: { trackingNumber, found: false, answer }, confirmed: true };
    const refused = refusal(response, call, false, () => undefined);
    if (refused !== undefined) return refused;
    const data = object(answer);
    const status = text(data?.status_code, 100);
    if (data === undefined || status === undefined) return unreadable(false);
    const description = text(data.carrier_status_description, 1000) ?? text(data.status_description, 1000);
    const found = !unknown.has(status) || list(data.events).length > 0;
    const output = present({ trackingNumber, found, status, description, answer });
    return { outcome: 'ok', output, confirmed: true };
  },
});
