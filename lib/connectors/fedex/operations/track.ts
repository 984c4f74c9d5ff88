import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
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

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a shipment',
  description: 'Reads all scans of a tracking number.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    const response = await readTrack(trackingNumber, call);
    const refusal = refusalOf(response, call, {
      write: false,
      error: fedexError(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const answer = response.json();
    if (object(object(answer)?.output) === undefined) return unreadable(false);
    const latest = latestOf(answer);
    const status = latest === undefined ? {} : { status: latest.code };
    const description = latest?.description === undefined ? {} : { description: latest.description };
    return {
      outcome: 'ok',
      output: { trackingNumber, found: latest !== undefined, ...status, ...description, answer },
      confirmed: true,
    };
  },
});
