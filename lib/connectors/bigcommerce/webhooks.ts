/**
 * Webhooks: https://github.com/bigcommerce/docs docs/integrations/webhooks/events/index.mdx. They hold ids and little else: a fact says
 * what the webhook says, the poller and `readOrder` get the rest.
 */
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { type Json, object, text } from '../kit/text';
import { type EventTime, instant, receivedTime } from '../kit/time';
import { codes, identifiersOf, idOf, type Read } from './orders';

export interface Webhook {
  scope: string;
  data: Json;
  /** The same for every delivery of one event. */
  hash: string | undefined;
  createdAt: unknown;
}

export function webhookOf(root: Json): Webhook | undefined {
  const scope = text(root.scope, 100);
  const data = object(root.data);
  if (scope === undefined || data === undefined) return undefined;
  return { scope, data, hash: text(root.hash, 100), createdAt: root.created_at };
}

/** Seconds since the epoch. */
function timeOf(createdAt: unknown, context: NormalizeContext): EventTime {
  if (
    typeof createdAt !== 'number' ||
    !Number.isSafeInteger(createdAt) ||
    createdAt < 0 ||
    createdAt > 253_402_300_799
  )
    return receivedTime(context.receivedAt);
  return {
    iso: instant(createdAt * 1000),
    offset: '+00:00',
    ms: createdAt * 1000,
    confidence: 'SOURCE_OFFSET',
  };
}

/** The event's own key: its hash and moment; without a hash, what it names. */
export const keyParts = ({ scope, hash, createdAt, data }: Webhook) => [
  'bigcommerce',
  scope,
  hash ?? JSON.stringify([text(data.id), text(data.orderId), text(object(data.status)?.new_status_id)]),
  typeof createdAt === 'number' ? createdAt : undefined,
];

export const isSilent = (scope: string) =>
  !/^store\/(order\/(created|updated|archived|statusUpdated)|shipment\/\w+)$/.test(scope);

export function webhookFact(hook: Webhook, context: NormalizeContext): Read {
  const [, subject, event = ''] = hook.scope.split('/');
  const id = idOf(hook.data.id);
  if (id === undefined) return `${hook.scope} without an id`;
  const shipment = subject === 'shipment';
  const order = shipment ? idOf(hook.data.orderId ?? hook.data.order_id) : id;
  const changed = event === 'statusUpdated' ? object(hook.data.status)?.new_status_id : undefined;
  const status = typeof changed === 'number' ? String(changed) : text(changed, 20);
  const code =
    event === 'statusUpdated' && status !== undefined
      ? { codeList: 'order-status', status }
      : { codeList: `${subject}-event`, status: event === 'statusUpdated' ? 'updated' : event };
  return shipmentFact({
    ...(shipment ? {} : { type: 'org.reroute.order.changed.v1' as const }),
    manifest: context.manifest,
    codes,
    code: { ...code, agency: 'BigCommerce' },
    time: timeOf(hook.createdAt, context),
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf({ order, ...(shipment ? { shipment: id } : {}) }, context),
    dedupKey: keyOf(keyParts(hook)),
  });
}
