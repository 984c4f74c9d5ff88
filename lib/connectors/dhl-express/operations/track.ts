import { refusalOf } from '../../kit/answers';
import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { dhlError, sendDhl } from '../client';

/** MyDHL API: GET /shipments/{number}/tracking, with the zone of every checkpoint. */
export async function readTrack(trackingNumber: string, call: CallContext) {
  return reading(() =>
    sendDhl(call, {
      method: 'GET',
      path: `/shipments/${encodeURIComponent(trackingNumber)}/tracking`,
      query: {
        trackingView: 'all-checkpoints',
        levelOfDetail: 'shipment',
        requestGMTOffsetPerEvent: 'true',
      },
    }),
  );
}

const momentOf = (event: Json) => `${text(event.date, 20) ?? ''}T${text(event.time, 20) ?? ''}`;

/** The newest checkpoint; of two in one second the later listed. */
function newestOf(answer: unknown): Json | undefined {
  const events = list(object(answer)?.shipments)
    .flatMap((item) => list(object(item)?.events))
    .map((event) => object(event) ?? {});
  let newest: Json | undefined;
  for (const event of events) if (newest === undefined || momentOf(event) >= momentOf(newest)) newest = event;
  return newest;
}

export const track = trackOperation({
  title: 'Track a shipment',
  description: 'Reads all checkpoints of a waybill number.',
  read: readTrack,
  answer: (response) => response.json() ?? {},
  refusal: (response, call) =>
    refusalOf(response, call, { write: false, error: dhlError(response), exception: () => undefined }),
  latest(answer) {
    const shipments = object(answer)?.shipments;
    if (shipments === undefined) return undefined;
    const newest = newestOf(answer);
    return {
      found: list(shipments).length > 0,
      status: text(newest?.typeCode, 100),
      description: text(newest?.description, 1000),
    };
  },
});
