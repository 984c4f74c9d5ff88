/** One fulfilment by its id: how it stands, and what it says of its arrival. */
import type { CallContext } from '../kit/connector';
import { type Json, list, object, text } from '../kit/text';
import { ask } from './client';
import { gid } from './ids';
import type { Found } from './order';

const query = `query Fulfilment($id: ID!) {
  fulfillment(id: $id) {
    id status displayStatus trackingInfo(first: 10) { number }
  }
}`;

export async function readFulfillment(call: CallContext, fulfillmentId: string): Promise<Found<Json>> {
  const answer = await ask(call, query, { id: gid('Fulfillment', fulfillmentId) });
  if (!answer.ok) return answer;
  const value = object(answer.data.fulfillment);
  if (value !== undefined) return { ok: true, value };
  const message = `Shopify knows no fulfilment ${fulfillmentId}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

export interface EtaEvent {
  status: string;
  happenedAt: number;
  etaAt: string;
}

export interface Arrival {
  id: string;
  /** Status of the latest event; `CONFIRMED` is Shopify's own default. */
  status: string;
  /** The latest event that carries an estimate. */
  eta: EtaEvent | undefined;
}

/** Selection for `Order`: each fulfilment with its latest events. */
export const arrivalFields = `fulfillments(first: 20) { id status displayStatus
  events(first: 10, sortKey: HAPPENED_AT, reverse: true) { nodes { status happenedAt estimatedDeliveryAt } } }`;

const arrived = new Set(['DELIVERED', 'CANCELED', 'NOT_DELIVERED', 'PICKED_UP']);

/** Fulfilments still to arrive. */
export function arrivalsOf(order: Json): Arrival[] {
  return list(order.fulfillments, 100).flatMap((item): Arrival[] => {
    const node = object(item) ?? {};
    const id = text(node.id, 200);
    if (id === undefined || node.status === 'CANCELLED' || arrived.has(text(node.displayStatus, 60) ?? ''))
      return [];
    const events = list(object(node.events)?.nodes, 50).map((event) => object(event) ?? {});
    const estimates = events.flatMap((event): EtaEvent[] => {
      const etaAt = text(event.estimatedDeliveryAt, 60);
      const happenedAt = Date.parse(text(event.happenedAt, 60) ?? '');
      if (etaAt === undefined || Number.isNaN(happenedAt)) return [];
      return [{ status: text(event.status, 60) ?? '', happenedAt, etaAt }];
    });
    return [{ id, status: text(events[0]?.status, 60) ?? 'CONFIRMED', eta: estimates[0] }];
  });
}
