import { refusalOf } from '../../kit/answers';
import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { fedexError, sendFedex } from '../client';

/** Track v1: https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html */
export async function readTrack(trackingNumber: string, call: CallContext) {
  return reading(() =>
    sendFedex(call, {
      method: 'POST',
      path: '/track/v1/trackingnumbers',
      json: { includeDetailedScans: true, trackingInfo: [{ trackingNumberInfo: { trackingNumber } }] },
    }),
  );
}

/** The first result of a Track answer that has a status; a 2xx may hold an error for the number instead. */
export function latestOf(answer: unknown): { code: string; description: string | undefined } | undefined {
  const complete = list(object(object(answer)?.output)?.completeTrackResults);
  for (const result of complete.flatMap((item) => list(object(item)?.trackResults))) {
    const latest = object(object(result)?.latestStatusDetail);
    const code = text(latest?.code, 100);
    if (code !== undefined) return { code, description: text(latest?.description, 1000) };
  }
  return undefined;
}

export const track = trackOperation({
  title: 'Track a shipment',
  description: 'Reads all scans of a tracking number.',
  read: readTrack,
  // Numbers are asked for in a body: a 404 is about the path.
  isUnknown: () => false,
  refusal: (response, call) =>
    refusalOf(response, call, { write: false, error: fedexError(response), exception: () => undefined }),
  latest(answer) {
    if (object(object(answer)?.output) === undefined) return undefined;
    const latest = latestOf(answer);
    return { found: latest !== undefined, status: latest?.code, description: latest?.description };
  },
});
