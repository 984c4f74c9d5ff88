/** Orders, as the topics `orders/*` carry them: state by quantities, cancellation by its reason. */
import type { FactContext } from '../../model/fact';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { moneyOf } from '../kit/money';
import { factLines, type OrderLine, pieces, sumBy } from '../kit/order-lines';
import { type Json, list, object, text } from '../kit/text';
import { instant } from '../kit/time';
import { codes, type Read, timeOf } from './events';
import { identifiersOf, ownId } from './ids';

/** What successful fulfilments hold of each line; undefined when the payload does not list fulfilments. */
function fulfilledByLine(order: Json): Map<string, string> | undefined {
  if (!Array.isArray(order.fulfillments)) return undefined;
  return sumBy(
    list(order.fulfillments, 500).flatMap((item) => {
      const fulfillment = object(item) ?? {};
      if (text(fulfillment.status)?.toLowerCase() !== 'success') return [];
      return list(fulfillment.line_items, 1000).flatMap((entry) => {
        const line = object(entry) ?? {};
        const id = ownId(line);
        const amount = pieces(line.quantity)?.value;
        return id === undefined || amount === undefined ? [] : [[id, amount] as const];
      });
    }),
  );
}

function linesOf(order: Json): OrderLine[] {
  const shipped = fulfilledByLine(order);
  return list(order.line_items, 1000).flatMap((item): OrderLine[] => {
    const line = object(item) ?? {};
    const lineId = ownId(line);
    // What was removed from the order is no longer ordered.
    const ordered = pieces(line.current_quantity ?? line.quantity);
    if (lineId === undefined || ordered === undefined) return [];
    const amount = shipped?.get(lineId) ?? (shipped === undefined ? undefined : '0');
    return [
      {
        lineId,
        item: text(line.sku, 200) ?? '',
        ordered,
        fulfilled: amount === undefined ? undefined : { value: amount, uom: 'EA' },
      },
    ];
  });
}

function contextOf(order: Json): { context?: FactContext } {
  const orderValue = moneyOf(order.total_price, order.currency);
  const country = text(object(order.shipping_address)?.country_code, 2)?.toUpperCase();
  const region = country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined;
  if (orderValue === undefined && region === undefined) return {};
  return {
    context: {
      ...(orderValue === undefined ? {} : { orderValue }),
      ...(region === undefined ? {} : { region }),
    },
  };
}

/** https://shopify.dev/docs/api/admin-rest/latest/resources/order */
export function orderFact(order: Json, context: NormalizeContext): Read {
  const id = ownId(order);
  if (id === undefined) return 'an order without id';
  const time = timeOf(order, context);
  if (time === undefined) return 'the time of an order cannot be read';
  const cancelled = order.cancelled_at !== null && order.cancelled_at !== undefined;
  const status = order.fulfillment_status === null ? 'null' : (text(order.fulfillment_status, 100) ?? 'null');
  const reason = cancelled ? (text(order.cancel_reason, 100)?.toLowerCase() ?? 'other') : undefined;
  return shipmentFact({
    type: 'org.reroute.order.changed.v1',
    manifest: context.manifest,
    codes,
    code: { codeList: 'order', agency: 'Shopify', status: status.toLowerCase(), reason },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ order: id, orderName: text(order.name, 100) }, context),
    dedupKey: keyOf(['shopify', 'order', id, status, reason, time.ms]),
    more: { ...contextOf(order), ...factLines(linesOf(order)) },
  });
}
