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
import { verifyHmac } from '../kit/signature';
import { type Json, object, text } from '../kit/text';
import { identifiersOf, nodesOf, type Read } from './ids';
import { manifest } from './manifest';
import { orderFacts } from './orders';
import { isOther, namesOf, typeOf, webhookFact } from './webhooks';

const messageIdOf = ({ headers }: InboundRequest) => text(headers['x-shiphero-message-id'], 200);

function sorted(read: readonly Read[], at: string): NormalizeResult {
  const reports = read.flatMap((one): NormalizeReport[] =>
    typeof one === 'string' ? [reject('SHIPHERO_INVALID', one, at)] : [],
  );
  return { facts: read.flatMap((one) => (typeof one === 'string' ? [] : [one])), reports };
}

/** The answer to a query for orders. */
function answer(root: Json, context: NormalizeContext): NormalizeResult | undefined {
  const orders = object(object(root.data)?.orders);
  if (orders === undefined) return undefined;
  const nodes = nodesOf(orders.data);
  if (nodes.length === 0) return { facts: [], reports: [notAFact('NO_NEWS', 'a list without orders')] };
  const results = nodes.map((order, at) =>
    sorted(orderFacts(order, context), `/data/orders/data/edges/${at}`),
  );
  return { facts: results.flatMap(({ facts }) => facts), reports: results.flatMap(({ reports }) => reports) };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  if (root === undefined) return rejected('NOT_A_SHIPHERO_PAYLOAD', 'JSON that is no object');
  const type = typeOf(root);
  if (type === undefined)
    return (
      answer(root, context) ??
      rejected('NOT_A_SHIPHERO_PAYLOAD', 'neither a webhook nor an answer with orders')
    );
  if (isOther(type))
    return { facts: [], reports: [notAFact('OTHER_WEBHOOK', `${type} tells nothing of an order`)] };
  return sorted([webhookFact(type, root, messageIdOf(request), context)], '');
}

/** `X-Shiphero-Message-ID` names the message. */
function identify(request: InboundRequest): Identified {
  const dedupKey = messageIdOf(request) ?? sha256Hex(request.body);
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  if (root === undefined || typeOf(root) === undefined) return { dedupKey };
  const { order, number } = namesOf(root);
  const named = order === undefined ? { number } : { order };
  const orderKey = shipmentKeyOf(identifiersOf(named, { receivedAt: 0, settings: {}, manifest }));
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  /** Base64 HMAC-SHA256 over the raw body under the webhook's `shared_signature_secret`. */
  verify: ({ headers, body }, secrets) =>
    verifyHmac({
      algorithm: 'sha256',
      encoding: 'base64',
      body,
      provided: headers['x-shiphero-hmac-sha256'],
      keys: secrets('webhookSecret').flatMap((list) => list.split(/\s+/).filter((key) => key !== '')),
    }),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
