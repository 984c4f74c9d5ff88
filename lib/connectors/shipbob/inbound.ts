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
import { idText, type Json, object, text } from '../kit/text';
import { manifest } from './manifest';
import { identifiersOf, idOf, objects, type Read, shipmentFacts } from './shipments';
import { trackingFacts } from './tracking';
import { verifyWebhook } from './verify';

/** Topics about returns, receiving and billing: they tell nothing of an outbound shipment. */
const otherTopic = /^(return|wro|billing)[._]/;

/** A shipment names its order; an order lists its shipments and gives them its own names; a tracking answer has a history. */
function entity(item: Json, context: NormalizeContext): Read[] | undefined {
  if (Array.isArray(item.history) || item.carrier_tracking_number !== undefined)
    return trackingFacts(item, context);
  if (item.order_id !== undefined && item.status !== undefined) return shipmentFacts(item, context);
  if (!Array.isArray(item.shipments)) return undefined;
  const names = { order_id: item.id, reference_id: item.reference_id };
  return objects(item.shipments, 200).flatMap((shipment) =>
    shipmentFacts({ ...names, ...shipment }, context),
  );
}

function entities(
  items: readonly unknown[],
  pointer: (at: number) => string,
  context: NormalizeContext,
): NormalizeResult {
  const facts: NormalizeResult['facts'] = [];
  const reports: NormalizeReport[] = [];
  items.forEach((item, index) => {
    const at = pointer(index);
    const read = entity(object(item) ?? {}, context);
    if (read === undefined)
      reports.push(
        reject('NOT_A_SHIPBOB_PAYLOAD', 'neither an order nor a shipment or a tracking history', at),
      );
    else if (read.length === 0) reports.push(notAFact('NO_SHIPMENT', 'an order without shipments', at));
    for (const one of read ?? []) {
      if (typeof one === 'string') reports.push(reject('SHIPBOB_INVALID', one, at));
      else facts.push(one);
    }
  });
  return { facts, reports };
}

const topicOf = ({ headers }: InboundRequest) =>
  text(headers['x-webhook-topic'] ?? headers['shipbob-topic'], 100);

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const topic = topicOf(request);
  if (topic !== undefined && otherTopic.test(topic))
    return {
      facts: [],
      reports: [notAFact('OTHER_TOPIC', `${topic} tells nothing of an outbound shipment`)],
    };
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  if (Array.isArray(parsed.value))
    return parsed.value.length === 0
      ? { facts: [], reports: [notAFact('NO_NEWS', 'an empty list')] }
      : entities(parsed.value, (at) => `/${at}`, context);
  const root = object(parsed.value);
  return root === undefined
    ? rejected('NOT_A_SHIPBOB_PAYLOAD', 'JSON that is neither object nor list')
    : entities([root], () => '', context);
}

/** `webhook-id` stays the same over retries. */
function identify(request: InboundRequest): Identified {
  const dedupKey = text(request.headers['webhook-id'], 200) ?? sha256Hex(request.body);
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  if (root === undefined) return { dedupKey };
  const order = idOf(root.order_id) ?? (Array.isArray(root.shipments) ? idOf(root.id) : undefined);
  const named =
    order === undefined
      ? { shipment: idOf(root.shipment_id), reference: idText(root.reference_id, 200) }
      : { order };
  const orderKey = shipmentKeyOf(identifiersOf(named, { receivedAt: 0, settings: {}, manifest }));
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

export const inbound: Inbound = {
  verify: (request, secrets, now) => verifyWebhook(request, secrets('webhookSecret'), now),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
