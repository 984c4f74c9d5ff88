import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
import { sendUsps, uspsError } from '../client';

/** Tracking v3: GET /tracking/v3/tracking/{trackingNumber} (https://developers.usps.com/trackingv3). */
export async function readTrack(trackingNumber: string, call: CallContext) {
  const path = `/tracking/v3/tracking/${encodeURIComponent(trackingNumber)}?expand=DETAIL`;
  return reading(() => sendUsps(call, { method: 'GET', path }));
}

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a package',
  description: 'Reads all events of a tracking number.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    const response = await readTrack(trackingNumber, call);
    const answer = response.json();
    if (response.status === 404)
      return { outcome: 'ok', output: { trackingNumber, found: false, answer }, confirmed: true };
    const refusal = refusalOf(response, call, {
      write: false,
      error: uspsError(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const body = object(answer);
    if (body === undefined) return unreadable(false);
    const status = text(object(list(body.trackingEvents)[0])?.eventCode, 100);
    const description = text(body.status, 1000);
    return {
      outcome: 'ok',
      output: {
        trackingNumber,
        found: status !== undefined || description !== undefined,
        ...(status === undefined ? {} : { status }),
        ...(description === undefined ? {} : { description }),
        // USPS does not always repeat the number: `normalize` needs it.
        answer: body.trackingNumber === undefined ? { trackingNumber, ...body } : answer,
      },
      confirmed: true,
    };
  },
});
