import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { readJson, rejected, totally } from '../kit/json';
import { object, text } from '../kit/text';
import { normalizeObject } from './objects';
import { carrierOf } from './trackers';
import { verifyWebhook } from './verify';

/** An event has a native id; anything else is known by its content. */
function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  const id = root?.object === 'Event' ? text(root.id, 200) : undefined;
  const dedupKey = id ?? sha256Hex(request.body);
  const subject = object(root?.result) ?? root;
  const value = text(subject?.tracking_code, 100);
  const carrier = subject?.carrier ?? object(subject?.selected_rate)?.carrier;
  const orderKey = value && shipmentKeyOf({ trackingNumber: [{ carrier: carrierOf(carrier), value }] });
  return orderKey ? { dedupKey, orderKey } : { dedupKey };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value);
  return root === undefined
    ? rejected('NOT_AN_EASYPOST_OBJECT', 'JSON that is no object')
    : normalizeObject(root, context);
}

export const inbound: Inbound = {
  verify: (request, secrets) => verifyWebhook(request, secrets('webhookSecret')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
