/**
 * Ticket events: https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/. A ticket is no shipment, so they are
 * no facts: a flow that starts with the raw payload reads what it needs, and the journal keeps them under their own id.
 */
import { sha256Hex } from '../../model/keys';
import type { Identified, Inbound, InboundRequest, NormalizeResult } from '../kit/connector';
import { notAFact, readJson, rejected, totally } from '../kit/json';
import { idText, object, text } from '../kit/text';
import { verify } from './verify';

export const eventVersion = '2022-11-06';
const prefix = 'zen:event-type:';

function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const event = parsed.ok ? object(parsed.value) : undefined;
  const orderKey = idText(event?.subject, 200);
  return {
    dedupKey: idText(event?.id, 200) ?? sha256Hex(request.body),
    ...(orderKey === undefined ? {} : { orderKey: `zendesk/${orderKey}` }),
  };
}

function normalize(request: InboundRequest): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const event = object(parsed.value);
  const type = text(event?.type, 200);
  if (event === undefined || type === undefined || !type.startsWith(prefix))
    return rejected('NOT_A_ZENDESK_EVENT', 'JSON that is no event of a Zendesk webhook', '/type');
  const version = text(event.zendesk_event_version, 40);
  if (version !== eventVersion)
    return rejected(
      'VERSION_UNSUPPORTED',
      `the event has version ${version ?? 'none'}, this connector reads ${eventVersion}`,
      '/zendesk_event_version',
    );
  const name = type.slice(prefix.length);
  const id = text(object(event.detail)?.id, 40);
  if (!name.startsWith('ticket.') || id === undefined)
    return { facts: [], reports: [notAFact('NOT_A_TICKET', `an event ${name} is about no ticket`)] };
  return { facts: [], reports: [notAFact('TICKET_CHANGED', `ticket ${id}: ${name}`)] };
}

export const inbound: Inbound = {
  verify,
  identify,
  normalize: (request) => totally(() => normalize(request)),
};
