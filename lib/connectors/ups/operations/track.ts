import { refusalOf } from '../../kit/answers';
import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { sendUps, upsError } from '../client';

/** Tracking.yaml: GET /api/track/v1/details/{inquiryNumber} */
export async function readTrack(trackingNumber: string, call: CallContext) {
  const path = `/api/track/v1/details/${encodeURIComponent(trackingNumber)}?locale=en_US&returnSignature=false`;
  return reading(() => sendUps(call, { method: 'GET', path }));
}

/** Current status of the first package of a Track answer. */
export function currentOf(
  answer: unknown,
): { code: string | undefined; description: string | undefined } | undefined {
  const shipments = list(object(object(answer)?.trackResponse)?.shipment);
  const first = object(shipments.flatMap((shipment) => list(object(shipment)?.package))[0]);
  if (first === undefined) return undefined;
  const status = object(first.currentStatus) ?? object(object(list(first.activity)[0])?.status);
  return { code: text(status?.code, 100), description: text(status?.description, 1000) };
}

export const track = trackOperation({
  title: 'Track a package',
  description: 'Reads all activities of a tracking number.',
  read: readTrack,
  refusal: (response, call) =>
    refusalOf(response, call, { write: false, error: upsError(response), exception: () => undefined }),
  latest(answer) {
    if (object(object(answer)?.trackResponse) === undefined) return undefined;
    const current = currentOf(answer);
    return { found: current !== undefined, status: current?.code, description: current?.description };
  },
});
