import { refusalOf } from '../../kit/answers';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { object, objects, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';
import { easypostError, sendEasypost } from '../client';

/**
 * https://docs.easypost.com/docs/trackers: GET /v2/trackers with `tracking_code` and `carrier`. EasyPost has a tracker for each label it sold; for
 * other numbers one is made with POST /v2/trackers, which is charged and therefore not done by a read.
 */
export const track = trackOperation({
  title: 'Track a parcel',
  description: 'Reads the tracker of a number that EasyPost follows.',
  read(trackingNumber, call, carrier) {
    const query = new URLSearchParams(present({ tracking_code: trackingNumber, carrier }));
    return reading(() => sendEasypost(call, { method: 'GET', path: `/v2/trackers?${query}` }));
  },
  // A number without a tracker is an empty list.
  isUnknown: () => false,
  refusal: (response, call) =>
    refusalOf(response, call, { write: false, error: easypostError(response), exception: () => undefined }),
  latest(answer, trackingNumber) {
    const trackers = object(answer)?.trackers;
    if (!Array.isArray(trackers)) return undefined;
    const tracker = objects(trackers).find((item) => item.tracking_code === trackingNumber);
    const latest = objects(tracker?.tracking_details).at(-1);
    return {
      found: tracker !== undefined,
      status: text(latest?.status ?? tracker?.status, 100),
      description: text(latest?.message, 1000),
    };
  },
});
