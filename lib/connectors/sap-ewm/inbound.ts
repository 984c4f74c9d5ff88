/** Answers of the service for outbound delivery orders, as the poller or middleware hands them on. */
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
import { type Json, object } from '../kit/text';
import { objects } from './client';
import { manifest } from './manifest';
import { numberOf, orderFacts } from './orders';

const invalid = 'SAP_EWM_INVALID';

/** A head, not one of its items. */
const isHead = (row: Json) =>
  row.EWMOutboundDeliveryOrder !== undefined && row.EWMOutboundDeliveryOrderItem === undefined;

/** The heads of an answer with their pointers; a single one stands at the root. */
function headsOf(root: Json): [head: Json, at: string][] | undefined {
  if (isHead(root)) return [[root, '']];
  if (!Array.isArray(root.value)) return undefined;
  return objects(root.value).map((row, at) => [row, `/value/${at}`]);
}

function ofOrder(head: Json, at: string, context: NormalizeContext): NormalizeResult {
  if (!isHead(head)) return rejected(invalid, 'no head of an outbound delivery order', at);
  const read = orderFacts(head, context);
  return {
    facts: read.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    reports: read.flatMap((one): NormalizeReport[] =>
      typeof one === 'string' ? [reject(invalid, one, at)] : [],
    ),
  };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  const heads = root === undefined ? undefined : headsOf(root);
  if (heads === undefined)
    return rejected('NOT_A_SAP_EWM_PAYLOAD', 'no answer with outbound delivery orders');
  if (heads.length === 0)
    return { facts: [], reports: [notAFact('NO_NEWS', 'a list without delivery orders')] };
  const results = heads.map(([head, at]) => ofOrder(head, at, context));
  return { facts: results.flatMap(({ facts }) => facts), reports: results.flatMap(({ reports }) => reports) };
}

function identify(request: InboundRequest): Identified {
  const dedupKey = sha256Hex(request.body);
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  const [only, ...others] = root === undefined ? [] : (headsOf(root) ?? []);
  const number =
    only === undefined || others.length > 0 ? undefined : numberOf(only[0].EWMOutboundDeliveryOrder);
  if (number === undefined) return { dedupKey };
  const orderKey = shipmentKeyOf({ deliveryId: [{ namespace: manifest.id, value: number }] });
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  verify: ({ headers }, secrets) => verifyToken(bearerOf(headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
