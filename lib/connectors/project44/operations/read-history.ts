import { z } from 'zod';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import type { HttpRequest, HttpResponse } from '../../kit/http';
import { credentialPairs, underToken } from '../../kit/oauth';
import { needed, reading } from '../../kit/outbound';
import { object, objects, text } from '../../kit/text';

const input = z.object({
  shipmentId: z.string().min(1).max(200).describe("project44's own id of the shipment"),
});
const moment = z.object({
  type: z.string(),
  dateTime: z.string().optional().describe('When it happened'),
  estimateDateTime: z.string().optional(),
  plannedDateTime: z.string().optional(),
});
const output = z.object({ shipmentId: z.string(), events: z.array(moment) });
type Output = z.infer<typeof output>;

/** `POST /api/v4/oauth2/token`, client credentials in the form (project44/celonis-project44-app, services/p44.authentication.service.js). */
function tokenRequests(call: CallContext): HttpRequest[] {
  return credentialPairs(call, 'clientId', 'clientSecret').map(([id, secret]) => ({
    method: 'POST',
    path: '/api/v4/oauth2/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    }).toString(),
  }));
}

function historyOf(response: HttpResponse): Output | undefined {
  const body = object(response.json());
  const shipmentId = text(object(body?.shipment)?.id, 200);
  if (body === undefined || shipmentId === undefined) return undefined;
  const events = objects(body.events, 5000).flatMap((event) => {
    const type = text(event.type, 200);
    const times = ['dateTime', 'estimateDateTime', 'plannedDateTime'].flatMap((name) => {
      const value = text(event[name], 60);
      return value === undefined ? [] : [[name, value]];
    });
    return type === undefined ? [] : [{ type, ...Object.fromEntries(times) }];
  });
  return { shipmentId, events };
}

/** `GET /api/v4/shipments/{id}/tracking/history`. */
export const readHistory = operation<z.infer<typeof input>, Output>({
  id: 'readHistory',
  title: 'Read tracking history',
  description: 'Reads all events of a shipment, with actual, estimated and planned times.',
  kind: 'tms',
  safety: 'read',
  input,
  output,
  target: ({ shipmentId }) => `shipments/${shipmentId}`,
  async send({ shipmentId }, call) {
    const path = `/api/v4/shipments/${encodeURIComponent(shipmentId)}/tracking/history`;
    const tokens = needed(tokenRequests(call), 'project44', 'clientId');
    const response = await reading(() =>
      underToken(call, tokens, (authorization) =>
        call.http({ method: 'GET', path, headers: { authorization, accept: 'application/json' } }),
      ),
    );
    const refusal = refusalOf(response, call, {
      write: false,
      error: { message: `project44 answered HTTP ${response.status}` },
      exception: (_error, status) => (status === 404 ? 'IDENTIFIER_UNRESOLVED' : undefined),
    });
    if (refusal !== undefined) return refusal;
    const history = historyOf(response);
    return history === undefined ? unreadable(false) : { outcome: 'ok', output: history, confirmed: true };
  },
});
