/**
 * Events of Medusa's bus, as a subscriber forwards them: `{ name, data, metadata }`. They hold ids, no time and no id of their own, so that
 * the poller is what brings the state (https://docs.medusajs.com/resources/references/events).
 */
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { idText, type Json, object, text } from '../kit/text';
import { instant, receivedTime } from '../kit/time';
import { codes, identifiersOf, type Read } from './orders';

export interface BusEvent {
  name: string;
  data: Json;
}

export function eventOf(root: Json): BusEvent | undefined {
  const name = text(root.name ?? root.eventName, 100);
  const data = object(root.data);
  return name === undefined || data === undefined ? undefined : { name, data };
}

export const concernsShipments = (name: string) => /^(order|shipment|delivery)\./.test(name);

/** Which order and which fulfilment an event is about: `shipment.*` and `delivery.*` name the fulfilment as `id`. */
export function subjectOf({ name, data }: BusEvent): {
  order: string | undefined;
  fulfillment: string | undefined;
} {
  const id = idText(data.id, 200);
  const order = idText(data.order_id, 200) ?? (name.startsWith('order.') ? id : undefined);
  return {
    order,
    fulfillment: idText(data.fulfillment_id, 200) ?? (name.startsWith('order.') ? undefined : id),
  };
}

export function eventFact(event: BusEvent, context: NormalizeContext): Read {
  const subject = subjectOf(event);
  if (subject.order === undefined && subject.fulfillment === undefined) return `${event.name} without an id`;
  return shipmentFact({
    ...(event.name.startsWith('order.') ? { type: 'org.reroute.order.changed.v1' as const } : {}),
    manifest: context.manifest,
    codes,
    code: { codeList: 'event', agency: 'Medusa', status: event.name },
    time: receivedTime(context.receivedAt),
    recordTime: instant(context.receivedAt),
    identifiers: identifiersOf(subject, context),
    dedupKey: keyOf([
      'medusa',
      'event',
      event.name,
      subject.order,
      subject.fulfillment,
      idText(event.data.return_id, 200),
    ]),
  });
}
