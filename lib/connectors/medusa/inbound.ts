import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeReport,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, readJson, reject, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { idText, type Json, object } from '../kit/text';
import { concernsShipments, eventFact, eventOf, subjectOf } from './events';
import { manifest } from './manifest';
import { identifiersOf, objects, orderFacts, type Read } from './orders';

function sorted(read: readonly Read[], at: string): NormalizeResult {
  const reports = read.flatMap((one): NormalizeReport[] =>
    typeof one === 'string' ? [reject('MEDUSA_INVALID', one, at)] : [],
  );
  return { facts: read.flatMap((one) => (typeof one === 'string' ? [] : [one])), reports };
}

function answer(root: Json, context: NormalizeContext): NormalizeResult | undefined {
  const order = object(root.order);
  if (order !== undefined) return sorted(orderFacts(order, context), '/order');
  if (!Array.isArray(root.orders)) return undefined;
  const orders = objects(root.orders);
  if (orders.length === 0) return { facts: [], reports: [notAFact('NO_NEWS', 'a list without orders')] };
  const results = orders.map((one, at) => sorted(orderFacts(one, context), `/orders/${at}`));
  return { facts: results.flatMap(({ facts }) => facts), reports: results.flatMap(({ reports }) => reports) };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  if (root === undefined) return rejected('NOT_A_MEDUSA_PAYLOAD', 'JSON that is no object');
  const event = eventOf(root);
  if (event === undefined)
    return (
      answer(root, context) ??
      rejected('NOT_A_MEDUSA_PAYLOAD', 'neither an event nor an order of the Admin API')
    );
  if (concernsShipments(event.name)) return sorted([eventFact(event, context)], '');
  return { facts: [], reports: [notAFact('OTHER_EVENT', `${event.name} tells nothing of a shipment`)] };
}

function identify(request: InboundRequest): Identified {
  const dedupKey = sha256Hex(request.body);
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  if (root === undefined) return { dedupKey };
  const event = eventOf(root);
  const named = event === undefined ? { order: idText(object(root.order)?.id, 200) } : subjectOf(event);
  const subject = named.order === undefined ? named : { order: named.order };
  const orderKey = shipmentKeyOf(identifiersOf(subject, { receivedAt: 0, settings: {}, manifest }));
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  /** Medusa sends nothing by itself: a subscriber of the shop forwards events under a token of our choice. */
  verify: ({ headers }, secrets) => verifyToken(bearerOf(headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
