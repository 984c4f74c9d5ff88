import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeReport,
  NormalizeResult,
} from '../kit/connector';
import { keyOf } from '../kit/draft';
import { notAFact, readJson, reject, rejected, totally } from '../kit/json';
import { verifyToken } from '../kit/signature';
import { type Json, object } from '../kit/text';
import { manifest } from './manifest';
import { identifiersOf, idOf, orderFact, type Read, shipmentOf } from './orders';
import { isSilent, keyParts, webhookFact, webhookOf } from './webhooks';

/** One entity of an answer: a shipment names its order and its items, an order has a status id. */
function entity(item: Json, context: NormalizeContext): Read {
  if (item.order_id !== undefined && item.items !== undefined) return shipmentOf(item, context);
  return item.status_id === undefined ? 'neither an order nor a shipment' : orderFact(item, context);
}

function entities(items: readonly unknown[], context: NormalizeContext): NormalizeResult {
  const read = items.map((item) => entity(object(item) ?? {}, context));
  const reports = read.flatMap((one, at): NormalizeReport[] =>
    typeof one === 'string' ? [reject('BIGCOMMERCE_INVALID', one, `/${at}`)] : [],
  );
  return { facts: read.flatMap((one) => (typeof one === 'string' ? [] : [one])), reports };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  if (Array.isArray(parsed.value))
    return parsed.value.length === 0
      ? { facts: [], reports: [notAFact('NO_NEWS', 'an empty list')] }
      : entities(parsed.value, context);
  const root = object(parsed.value);
  if (root === undefined)
    return rejected('NOT_A_BIGCOMMERCE_PAYLOAD', 'JSON that is neither object nor list');
  const hook = webhookOf(root);
  if (hook !== undefined) {
    if (isSilent(hook.scope))
      return { facts: [], reports: [notAFact('OTHER_SCOPE', `${hook.scope} tells nothing of a shipment`)] };
    const fact = webhookFact(hook, context);
    return typeof fact === 'string'
      ? { facts: [], reports: [reject('BIGCOMMERCE_INVALID', fact)] }
      : { facts: [fact], reports: [] };
  }
  if (root.status_id === undefined && root.items === undefined)
    return rejected('NOT_A_BIGCOMMERCE_PAYLOAD', 'neither a webhook nor an order or a shipment');
  return entities([root], context);
}

/** "If a hook fires twice for the same event, both request bodies rely on the same hash." */
function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  const hook = root === undefined ? undefined : webhookOf(root);
  const dedupKey = hook?.hash === undefined ? sha256Hex(request.body) : keyOf(keyParts(hook));
  const order =
    hook === undefined
      ? idOf(root?.order_id ?? root?.id)
      : idOf(hook.scope.startsWith('store/shipment') ? hook.data.orderId : hook.data.id);
  const orderKey = shipmentKeyOf(identifiersOf({ order }, { receivedAt: 0, settings: {}, manifest }));
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  /** BigCommerce signs nothing: a webhook is created with headers of one's own, which it sends along. */
  verify: ({ headers }, secrets) => verifyToken(headers['x-reroute-token'], secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
