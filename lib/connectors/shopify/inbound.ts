import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, readJson, reject, rejected, totally } from '../kit/json';
import { verifyHmac } from '../kit/signature';
import { type Json, object, text } from '../kit/text';
import { eventFact, fulfillmentFact, type Read, requestFact } from './events';
import { type Delivery, fulfillmentOrderFact } from './fulfillment-orders';
import { identifiersOf, idOf, ownId } from './ids';
import { apiVersions, manifest } from './manifest';
import { orderFact } from './orders';

/** Answers of the REST resources and client libraries wrap what webhooks send bare. */
const wrappers = ['fulfillment', 'order', 'event', 'fulfillment_event', 'fulfillment_request'] as const;

function unwrapped(root: Json): Json {
  for (const name of wrappers) {
    const inner = object(root[name]);
    if (inner !== undefined && root.id === undefined) return inner;
  }
  return root;
}

/** Where a fulfilment-order webhook has its fulfilment order: most carry one, some an original and what became of it. */
function fulfillmentOrderOf(root: Json): Json | undefined {
  const wrapped =
    object(root.fulfillment_order) ??
    object(root.submitted_fulfillment_order) ??
    object(root.moved_fulfillment_order) ??
    object(object(root.fulfillment_order_merges)?.fulfillment_order);
  if (wrapped !== undefined) return wrapped;
  return root.request_status !== undefined && root.order_id !== undefined ? root : undefined;
}

const words = (value: string | undefined) => text(value, 200);

function deliveryOf({ headers }: InboundRequest): Delivery {
  return {
    topic: words(headers['x-shopify-topic']),
    eventId: words(headers['x-shopify-event-id']),
    triggeredAt: words(headers['x-shopify-triggered-at']),
  };
}

function read(root: Json, delivery: Delivery, context: NormalizeContext): Read | undefined {
  const fulfillmentOrder = fulfillmentOrderOf(root);
  if (fulfillmentOrder !== undefined) return fulfillmentOrderFact(root, fulfillmentOrder, delivery, context);
  const entity = unwrapped(root);
  if (entity.fulfillment_id !== undefined) return eventFact(entity, context);
  if (entity.failed_at !== undefined) return requestFact(entity, context);
  if (entity.tracking_numbers !== undefined || entity.tracking_number !== undefined)
    return fulfillmentFact(entity, context);
  if (Array.isArray(entity.line_items) && entity.fulfillment_status !== undefined)
    return orderFact(entity, context);
  return undefined;
}

/** Topics that tell nothing which a fact could hold. */
const silent = new Set(['fulfillment_events/delete', 'orders/delete', 'orders/edited']);

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const version = request.headers['x-shopify-api-version'];
  if (version !== undefined && !apiVersions.some((known) => known === version))
    return rejected(
      'VERSION_UNSUPPORTED',
      `the payload follows API version ${version.slice(0, 40)}, this connector reads ${apiVersions.join(', ')}`,
    );
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  if (root === undefined) return rejected('NOT_A_SHOPIFY_PAYLOAD', 'JSON that is no object');
  const delivery = deliveryOf(request);
  if (delivery.topic !== undefined && silent.has(delivery.topic))
    return { facts: [], reports: [notAFact('NO_EVENT', `${delivery.topic} carries no event of a shipment`)] };
  const fact = read(root, delivery, context);
  if (typeof fact === 'object') return { facts: [fact], reports: [] };
  if (fact !== undefined) return { facts: [], reports: [reject('SHOPIFY_INVALID', fact)] };
  if (ownId(root) !== undefined)
    return {
      facts: [],
      reports: [notAFact('OTHER_RESOURCE', 'a resource that is no order and no fulfillment')],
    };
  return rejected(
    'NOT_A_SHOPIFY_PAYLOAD',
    'neither an order nor a fulfillment, an event or a fulfillment order',
  );
}

/** The webhook's id is the same for every attempt to deliver it. */
function identify(request: InboundRequest): Identified {
  const dedupKey = words(request.headers['x-shopify-webhook-id']) ?? sha256Hex(request.body);
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  if (root === undefined) return { dedupKey };
  const fulfillmentOrder = fulfillmentOrderOf(root);
  const entity = unwrapped(root);
  const order =
    idOf(fulfillmentOrder?.order_id ?? entity.order_id) ?? (entity.line_items ? ownId(entity) : undefined);
  const context = { receivedAt: 0, settings: {}, manifest };
  const named = { order, fulfillmentOrder: fulfillmentOrder && ownId(fulfillmentOrder) };
  const orderKey = shipmentKeyOf(identifiersOf(order === undefined ? named : { order }, context));
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  /** https://shopify.dev/docs/apps/build/webhooks/subscribe/https: base64 HMAC-SHA256 of the raw body under the app's client secret. */
  verify: ({ headers, body }, secrets) =>
    verifyHmac({
      algorithm: 'sha256',
      encoding: 'base64',
      body,
      provided: headers['x-shopify-hmac-sha256'],
      keys: secrets('clientSecret'),
    }),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
