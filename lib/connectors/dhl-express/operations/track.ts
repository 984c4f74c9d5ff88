import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
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

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a shipment',
  description: 'Reads all checkpoints of a waybill number.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    const response = await readTrack(trackingNumber, call);
    if (response.status === 404)
      return {
        outcome: 'ok',
        output: { trackingNumber, found: false, answer: response.json() ?? {} },
        confirmed: true,
      };
    const refusal = refusalOf(response, call, {
      write: false,
      error: dhlError(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const answer = response.json();
    if (object(answer)?.shipments === undefined) return unreadable(false);
    const newest = newestOf(answer);
    const status = text(newest?.typeCode, 100);
    const description = text(newest?.description, 1000);
    return {
      outcome: 'ok',
      output: {
        trackingNumber,
        found: list(object(answer)?.shipments).length > 0,
        ...(status === undefined ? {} : { status }),
        ...(description === undefined ? {} : { description }),
        answer,
      },
      confirmed: true,
    };
  },
});
