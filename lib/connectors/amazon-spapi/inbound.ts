import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeReport,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, parseJson, readJson, reject, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Json, object, text } from '../kit/text';
import { detailFacts, orderFact, type Read } from './fulfillment-order';
import { identifiersOf, objects } from './ids';
import { manifest } from './manifest';
import { notificationOf, readNotification } from './notifications';
import { trackingFacts } from './tracking';

/**
 * The notification itself: EventBridge wraps it in `detail`, an SQS message in `body` (text), a queue's batch in `Records`.
 * What is wrapped in text is parsed once, and only where it stands.
 */
function unwrapped(root: Json): Json[] {
  const detail = object(root.detail);
  if (detail !== undefined) return [detail];
  if (Array.isArray(root.Records)) return objects(root.Records, 100).flatMap(unwrapped);
  const body = root.body ?? root.Body;
  if (typeof body !== 'string') return [root];
  const parsed = parseJson(Buffer.from(body));
  const inner = parsed.ok ? object(parsed.value) : undefined;
  return inner === undefined ? [root] : [inner];
}

function sorted(read: readonly Read[], at: string): NormalizeResult {
  const facts = read.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  const reports = read.flatMap((one): NormalizeReport[] =>
    typeof one === 'string' ? [reject('AMAZON_INVALID', one, at)] : [],
  );
  return { facts, reports };
}

/** Answers of the Fulfillment Outbound API stand under `payload`. */
function answer(payload: Json, at: string, context: NormalizeContext): NormalizeResult | undefined {
  if (object(payload.fulfillmentOrder) !== undefined) return sorted(detailFacts(payload, context), at);
  if (Array.isArray(payload.fulfillmentOrders)) {
    const orders = objects(payload.fulfillmentOrders);
    if (orders.length === 0)
      return { facts: [], reports: [notAFact('NO_NEWS', 'a list without fulfillment orders', at)] };
    return sorted(
      orders.map((order) => orderFact(order, [], context)),
      at,
    );
  }
  return payload.packageNumber === undefined ? undefined : sorted(trackingFacts(payload, context), at);
}

function one(root: Json, at: string, context: NormalizeContext): NormalizeResult {
  const notice = notificationOf(root);
  if (notice !== undefined) {
    const read = readNotification(notice, context);
    if (read === undefined)
      return {
        facts: [],
        reports: [notAFact('OTHER_NOTIFICATION', `${notice.type} tells nothing of a shipment`, at)],
      };
    if (Array.isArray(read)) return sorted(read, at);
    const versions = `the payload follows version ${notice.payloadVersion} of ${notice.type}, this connector reads ${read.supported}`;
    return rejected('VERSION_UNSUPPORTED', versions, at);
  }
  const payload = object(root.payload);
  const found = payload === undefined ? undefined : answer(payload, at, context);
  return (
    found ??
    rejected('NOT_AN_AMAZON_PAYLOAD', 'neither a notification nor an answer of Fulfillment Outbound', at)
  );
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  if (root === undefined) return rejected('NOT_AN_AMAZON_PAYLOAD', 'JSON that is no object');
  const results = unwrapped(root).map((item, index) =>
    one(item, Array.isArray(root.Records) ? `/Records/${index}` : '', context),
  );
  return { facts: results.flatMap(({ facts }) => facts), reports: results.flatMap(({ reports }) => reports) };
}

/** A notification has an id of its own; answers are known by their content. */
function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  const items = root === undefined ? [] : unwrapped(root);
  const notice = items.length === 1 && items[0] !== undefined ? notificationOf(items[0]) : undefined;
  const dedupKey = notice?.id ?? sha256Hex(request.body);
  const payload = notice?.payload ?? object(items[0]?.payload);
  const order = text(payload?.AmazonOrderId, 200);
  const own =
    payload?.SellerFulfillmentOrderId ?? object(payload?.fulfillmentOrder)?.sellerFulfillmentOrderId;
  const context = { receivedAt: 0, settings: {}, manifest };
  const orderKey = shipmentKeyOf(
    identifiersOf(order === undefined ? { fulfillmentOrder: own } : { order }, context),
  );
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  /**
   * Amazon delivers to SQS or EventBridge only; what brings a notification here is the seller's own API destination or forwarder, which
   * authenticates with the header that its connection is given: `x-api-key`, or a bearer token.
   */
  verify: ({ headers }, secrets) =>
    verifyToken(headers['x-api-key'] ?? bearerOf(headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
