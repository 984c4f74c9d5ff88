import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { object, objects, text } from '../../kit/text';
import { answerOf, errorOf, mediaTypes, refusal, sendCanadaPost } from '../client';
import { eventCode } from '../tracking';

/** .../services/tracking/trackingdetails.jsf: GET /vis/track/pin/{pin}/detail */
export async function readTracking(trackingNumber: string, call: CallContext) {
  const path = `/vis/track/pin/${encodeURIComponent(trackingNumber)}/detail`;
  return reading(() => sendCanadaPost(call, mediaTypes.track, { method: 'GET', path }));
}

const noPinHistory = '004';

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a parcel',
  description: 'Reads the history of a parcel.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    const response = await readTracking(trackingNumber, call);
    const answer = response.text();
    if (response.status === 404 || errorOf(answerOf(response, 'messages'))?.code === noPinHistory)
      return { outcome: 'ok', output: { trackingNumber, found: false, answer }, confirmed: true };
    const refused = refusal(response, call, false, undefined);
    if (refused !== undefined) return refused;
    const detail = answerOf(response, 'tracking-detail');
    if (detail === undefined) return unreadable(false);
    const latest = objects(object(detail['significant-events'])?.occurrence)[0];
    const output = present({
      trackingNumber,
      found: true,
      status: eventCode(latest?.['event-identifier']),
      description: text(latest?.['event-description'], 1000),
      answer,
    });
    return { outcome: 'ok', output, confirmed: true };
  },
});
