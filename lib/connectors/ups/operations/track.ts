import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
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

export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a package',
  description: 'Reads all activities of a tracking number.',
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
        output: { trackingNumber, found: false, answer: response.json() },
        confirmed: true,
      };
    const refusal = refusalOf(response, call, {
      write: false,
      error: upsError(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const answer = response.json();
    if (object(object(answer)?.trackResponse) === undefined) return unreadable(false);
    const current = currentOf(answer);
    const status = current?.code === undefined ? {} : { status: current.code };
    const description = current?.description === undefined ? {} : { description: current.description };
    const found = current !== undefined;
    return {
      outcome: 'ok',
      output: { trackingNumber, found, ...status, ...description, answer },
      confirmed: true,
    };
  },
});
