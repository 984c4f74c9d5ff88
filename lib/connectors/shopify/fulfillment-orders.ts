/**
 * Fulfilment orders, as the topics `fulfillment_orders/*` and `fulfillment_holds/*` and the REST resource carry them. The webhooks hold no
 * time and no order: the header `X-Shopify-Triggered-At` dates them, and the order is known by the facts that name both.
 */
import type { Discrepancy } from '../../model/fact';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { pieces } from '../kit/order-lines';
import { type Json, list, object, text } from '../kit/text';
import { type EventTime, instant, isoTime, receivedTime } from '../kit/time';
import { codes, type Read, timeOf } from './events';
import { identifiersOf, idOf, ownId } from './ids';

/** What the headers say of a delivery. */
export interface Delivery {
  /** `fulfillment_orders/placed_on_hold` */
  topic?: string | undefined;
  /** Names the event behind the delivery (https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates). */
  eventId?: string | undefined;
  triggeredAt?: string | undefined;
}

interface Code {
  codeList: string;
  status: string;
  reason?: string | undefined;
  text?: string | undefined;
}

/** Lines that a hold for want of stock covers: asked for, and none of it there. */
function heldLines(payload: Json): Discrepancy[] {
  return list(payload.held_fulfillment_order_line_items, 1000).flatMap((item) => {
    const line = object(item) ?? {};
    const lineId = idOf(line.id);
    const expected = pieces(line.quantity);
    if (lineId === undefined || expected === undefined || expected.value === '0') return [];
    return [{ lineId, expected, actual: { value: '0', uom: expected.uom } }];
  });
}

/** Why it is held; a want of stock without its lines stays an unexplained hold, for a short pick is nothing without lines. */
function holdCode(hold: Json | undefined, lines: readonly Discrepancy[]): Code {
  const reason = text(hold?.reason, 100)?.toLowerCase();
  const notes = text(hold?.reason_notes, 1000);
  const words = [reason, notes].filter((part) => part !== undefined).join(': ') || undefined;
  const outOfStock = reason === 'inventory_out_of_stock' && lines.length === 0;
  return reason === undefined || outOfStock
    ? { codeList: 'fulfillment-order', status: 'on_hold', text: words }
    : { codeList: 'fulfillment-hold', status: reason, text: words };
}

function codeOf(
  payload: Json,
  order: Json,
  lines: readonly Discrepancy[],
  topic: string | undefined,
): Code | undefined {
  const action = topic?.split('/')[1];
  const message = text(payload.message, 2000);
  if (topic === 'fulfillment_holds/released')
    return { codeList: 'fulfillment-order-topic', status: 'fulfillment_hold_released' };
  if (action === 'hold_released' || action === 'fulfillment_service_failed_to_complete')
    return { codeList: 'fulfillment-order-topic', status: action, text: message };
  const hold = object(payload.created_fulfillment_hold) ?? object(payload.fulfillment_hold);
  if (hold !== undefined) return holdCode(hold, lines);
  const status = text(order.status, 100)?.toLowerCase();
  if (status === 'on_hold') return holdCode(object(list(order.fulfillment_holds, 100)[0]), lines);
  if (status === undefined) return undefined;
  return {
    codeList: 'fulfillment-order',
    status,
    reason: text(order.request_status, 100)?.toLowerCase(),
    text: message ?? text(object(payload.fulfillment_order_merchant_request)?.message, 2000),
  };
}

function timeAt(order: Json, delivery: Delivery, context: NormalizeContext): EventTime | undefined {
  if (order.updated_at !== undefined) return timeOf(order, context);
  return isoTime(delivery.triggeredAt) ?? receivedTime(context.receivedAt);
}

/** One fulfilment order; `payload` is what stands around it. */
export function fulfillmentOrderFact(
  payload: Json,
  order: Json,
  delivery: Delivery,
  context: NormalizeContext,
): Read {
  const id = ownId(order);
  if (id === undefined) return 'a fulfillment order without id';
  const lines = heldLines(payload);
  const code = codeOf(payload, order, lines, delivery.topic);
  if (code === undefined) return 'a fulfillment order without status';
  const time = timeAt(order, delivery, context);
  if (time === undefined) return 'the time of a fulfillment order cannot be read';
  const holdId = idOf(object(payload.created_fulfillment_hold ?? payload.fulfillment_hold)?.id);
  const happened = order.updated_at === undefined ? (delivery.eventId ?? delivery.triggeredAt) : time.ms;
  const short = codes.meaning(code.codeList, code.status, code.reason).exception === 'INVENTORY_SHORT_PICK';
  return shipmentFact({
    type: 'org.reroute.delivery.changed.v1',
    manifest: context.manifest,
    codes,
    code: { ...code, agency: 'Shopify' },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ order: idOf(order.order_id), fulfillmentOrder: id }, context),
    dedupKey: keyOf([
      'shopify',
      'fulfillment-order',
      id,
      code.codeList,
      code.status,
      code.reason,
      holdId,
      happened,
    ]),
    details: {
      ...(code.codeList === 'fulfillment-hold'
        ? { holdReason: (code.text ?? code.status).slice(0, 500) }
        : {}),
      ...(short ? { discrepancies: lines } : {}),
    },
  });
}
