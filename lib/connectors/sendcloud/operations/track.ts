import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { object, objects, text } from '../../kit/text';
import { refusal, sendSendcloud } from '../client';

/** https://sendcloud.dev/api/v2/tracking: GET /api/v2/tracking/{tracking_number} */
export async function readTracking(trackingNumber: string, call: CallContext) {
  const path = `/api/v2/tracking/${encodeURIComponent(trackingNumber)}`;
  return reading(() => sendSendcloud(call, { method: 'GET', path }));
}

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a parcel',
  description: 'Reads the history of a parcel that was announced through Sendcloud.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    const response = await readTracking(trackingNumber, call);
    const answer = response.json();
    if (response.status === 404)
      return { outcome: 'ok', output: { trackingNumber, found: false, answer }, confirmed: true };
    const refused = refusal(response, call, false, undefined);
    if (refused !== undefined) return refused;
    const statuses = object(answer)?.statuses;
    if (!Array.isArray(statuses)) return unreadable(false);
    const timeOf = (item: { carrier_update_timestamp?: unknown }) =>
      text(item.carrier_update_timestamp, 60) ?? '';
    const latest = objects(statuses).toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))[0];
    const output = present({
      trackingNumber,
      found: true,
      status: text(latest?.parent_status, 100),
      description: text(latest?.carrier_message, 1000),
      answer,
    });
    return { outcome: 'ok', output, confirmed: true };
  },
});
