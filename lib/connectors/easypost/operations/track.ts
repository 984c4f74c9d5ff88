import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { present } from '../../kit/present';
import { object, objects, text } from '../../kit/text';
import { easypostError, sendEasypost } from '../client';

/**
 * https://docs.easypost.com/docs/trackers: GET /v2/trackers with `tracking_code` and `carrier`. EasyPost has a tracker for each label it sold; for
 * other numbers one is made with POST /v2/trackers, which is charged and therefore not done by a read.
 */
export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a parcel',
  description: 'Reads the tracker of a number that EasyPost follows.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber, carrier }, call) {
    const query = new URLSearchParams(present({ tracking_code: trackingNumber, carrier }));
    const response = await reading(() =>
      sendEasypost(call, { method: 'GET', path: `/v2/trackers?${query}` }),
    );
    const refusal = refusalOf(response, call, {
      write: false,
      error: easypostError(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const answer = response.json();
    const trackers = object(answer)?.trackers;
    if (!Array.isArray(trackers)) return unreadable(false);
    const tracker = objects(trackers).find((item) => item.tracking_code === trackingNumber);
    const latest = objects(tracker?.tracking_details).at(-1);
    const output = present({
      trackingNumber,
      found: tracker !== undefined,
      status: text(latest?.status ?? tracker?.status, 100),
      description: text(latest?.message, 1000),
      answer,
    });
    return { outcome: 'ok', output, confirmed: true };
  },
});
