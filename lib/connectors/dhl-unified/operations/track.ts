import { refusalOf } from '../../kit/answers';
import type { CallContext } from '../../kit/connector';
import type { HttpResponse } from '../../kit/http';
import { reading } from '../../kit/outbound';
import { list, object, text } from '../../kit/text';
import { trackOperation } from '../../kit/track';

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
export const track = trackOperation({
  title: 'Track a shipment',
  description: 'Reads all events of a number of any DHL division.',
  hindrance: (call) =>
    call.secrets('apiKey').length === 0
      ? { outcome: 'fatal', message: 'set the API key of the partner: look-ups need it' }
      : undefined,
  read: readTrack,
  refusal: (response, call) =>
    refusalOf(response, call, { write: false, error: problemOf(response), exception: () => undefined }),
  latest(answer) {
    const shipments = object(answer)?.shipments;
    if (shipments === undefined) return undefined;
    const shipment = object(list(shipments)[0]);
    const newest = object(list(shipment?.events)[0]) ?? object(shipment?.status);
    return {
      found: shipment !== undefined,
      status: text(newest?.status, 200) ?? text(newest?.statusCode, 200),
      description: text(newest?.description, 1000),
    };
  },
});
