import type { CallContext } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { object, objects, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { answerOf, errorOf, mediaTypes, refusal, sendCanadaPost } from '../client';
import { eventCode } from '../tracking';

/** .../services/tracking/trackingdetails.jsf: GET /vis/track/pin/{pin}/detail */
export async function readTracking(trackingNumber: string, call: CallContext) {
  const path = `/vis/track/pin/${encodeURIComponent(trackingNumber)}/detail`;
  return reading(() => sendCanadaPost(call, mediaTypes.track, { method: 'GET', path }));
}

const noPinHistory = '004';

export const track = trackOperation({
  title: 'Track a parcel',
  description: 'Reads the history of a parcel.',
  read: readTracking,
  isUnknown: (response) =>
    response.status === 404 || errorOf(answerOf(response, 'messages'))?.code === noPinHistory,
  refusal: (response, call) => refusal(response, call, false, undefined),
  answer: (response) => response.text(),
  latest(_answer, _trackingNumber, response) {
    const detail = answerOf(response, 'tracking-detail');
    if (detail === undefined) return undefined;
    const latest = objects(object(detail['significant-events'])?.occurrence)[0];
    return {
      found: true,
      status: eventCode(latest?.['event-identifier']),
      description: text(latest?.['event-description'], 1000),
    };
  },
});
