import type { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { track as contract } from '../../kit/contracts/carrier';
import type { HttpResponse } from '../../kit/http';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';

/** Shipment Tracking - Unified: GET /track/shipments, one key after the other during a rotation. */
export async function readTrack(trackingNumber: string, call: CallContext): Promise<HttpResponse> {
  const service = text(call.settings.service, 60);
  const filter = service === undefined ? '' : `&service=${encodeURIComponent(service)}`;
  const path = `/track/shipments?trackingNumber=${encodeURIComponent(trackingNumber)}&language=en${filter}`;
  const [first = '', ...others] = call.secrets('apiKey');
  const ask = (key: string) =>
    reading(() => call.http({ method: 'GET', path, headers: { 'DHL-API-Key': key } }));
  let response = await ask(first);
  for (const key of others) {
    if (response.status !== 401) break;
    response = await ask(key);
  }
  return response;
}

function problemOf(response: HttpResponse) {
  const problem = object(response.json());
  const message = text(problem?.detail, 500) ?? text(problem?.title, 500);
  return message === undefined ? undefined : { code: text(problem?.status, 20), message };
}

/** The event that DHL names first is the newest; the shipment's own status may say something coarser. */
export const track = operation<z.infer<typeof contract.input>, z.infer<typeof contract.output>>({
  id: 'track',
  title: 'Track a shipment',
  description: 'Reads all events of a number of any DHL division.',
  kind: 'carrier',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ trackingNumber }) => `track/${trackingNumber}`,
  async send({ trackingNumber }, call) {
    if (call.secrets('apiKey').length === 0)
      return { outcome: 'fatal', message: 'set the API key of the partner: look-ups need it' };
    const response = await readTrack(trackingNumber, call);
    const answer = response.json();
    if (response.status === 404)
      return { outcome: 'ok', output: { trackingNumber, found: false, answer }, confirmed: true };
    const refusal = refusalOf(response, call, {
      write: false,
      error: problemOf(response),
      exception: () => undefined,
    });
    if (refusal !== undefined) return refusal;
    const body = object(answer);
    if (body?.shipments === undefined) return unreadable(false);
    const shipment = object(list(body.shipments)[0]);
    const newest = object(list(shipment?.events)[0]) ?? object(shipment?.status);
    const status = text(newest?.status, 200) ?? text(newest?.statusCode, 200);
    const description = text(newest?.description, 1000);
    return {
      outcome: 'ok',
      output: {
        trackingNumber,
        found: shipment !== undefined,
        ...(status === undefined ? {} : { status }),
        ...(description === undefined ? {} : { description }),
        answer,
      },
      confirmed: true,
    };
  },
});
