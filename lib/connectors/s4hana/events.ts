/** S/4HANA business events: `sap.s4.beh.<object>.v1.<Object>.<Action>.v1`, as CloudEvents or named in a middleware's message. */
import type { NormalizeContext, NormalizeResult } from '../kit/connector';
import { keyOf } from '../kit/draft';
import { notAFact, rejected } from '../kit/json';
import { checkedBy } from '../kit/payload';
import type { Json } from '../kit/text';
import { codes, contentKey, documentFact, firstTime, identifiersOf } from './draft';
import { businessEvent, wrappedEvent } from './schema';

const checkedBusinessEvent = checkedBy(businessEvent);
const checkedWrappedEvent = checkedBy(wrappedEvent);

const pattern = /^sap\.s4\.beh\.[a-z0-9]+\.v(\d+)\.([A-Za-z0-9]+)\.([A-Za-z0-9]+)\.v(\d+)$/;

interface Kind {
  object: 'SalesOrder' | 'OutboundDelivery';
  action: string;
}

/** Object and action of an event type; `other` for the objects that shipments do not need, `other-version` for what is not version 1. */
function kindOf(type: string): Kind | 'other' | 'other-version' | undefined {
  const match = pattern.exec(type);
  if (!match) return undefined;
  const [, version, object, action = '', eventVersion] = match;
  if (version !== '1' || eventVersion !== '1') return 'other-version';
  return object === 'SalesOrder' || object === 'OutboundDelivery' ? { object, action } : 'other';
}

function refused(type: string, kind: 'other' | 'other-version' | undefined): NormalizeResult {
  if (kind === undefined)
    return rejected('NOT_AN_S4_EVENT', `${type.slice(0, 200)} is no S/4HANA business event`);
  if (kind === 'other-version')
    return rejected(
      'VERSION_UNSUPPORTED',
      `${type.slice(0, 200)} is not version 1, which this connector reads`,
    );
  return {
    facts: [],
    reports: [notAFact('OTHER_BUSINESS_OBJECT', `${type} is about an object that shipments do not need`)],
  };
}

const text = (value: unknown) => (typeof value === 'string' && value.length <= 200 ? value : undefined);

export function cloudEventOf(envelope: Json, context: NormalizeContext): NormalizeResult {
  const parsed = checkedBusinessEvent(envelope);
  if (!parsed.success) return rejected('NOT_A_CLOUD_EVENT', parsed.error.issues[0]?.message ?? 'invalid');
  const { type, source, id, time, data = {} } = parsed.data;
  const kind = kindOf(type);
  if (typeof kind !== 'object') return refused(type, kind);
  const number = text(data[kind.object]) ?? text(data.DeliveryDocument);
  if (number === undefined || number === '')
    return rejected('DOCUMENT_NUMBER_MISSING', `${type} names no ${kind.object}`, `/data/${kind.object}`);
  return fact(
    {
      kind,
      type,
      number,
      customer: text(data.SoldToParty),
      dedupKey: keyOf([source, id]),
      times: [time, text(data.EventRaisedDateTime)],
    },
    context,
  );
}

export function wrappedEventOf(message: Json, context: NormalizeContext): NormalizeResult {
  const parsed = checkedWrappedEvent(message);
  if (!parsed.success) return rejected('NOT_A_WRAPPED_EVENT', parsed.error.issues[0]?.message ?? 'invalid');
  const { api_schema: type, document_no: number } = parsed.data;
  const kind = kindOf(type);
  if (typeof kind !== 'object') return refused(type, kind);
  if (number === undefined || number === '')
    return rejected('DOCUMENT_NUMBER_MISSING', `${type} names no document`, '/document_no');
  return fact(
    { kind, type, number, customer: undefined, dedupKey: contentKey('event', message), times: [] },
    context,
  );
}

interface Told {
  kind: Kind;
  type: string;
  number: string;
  customer: string | undefined;
  dedupKey: string;
  times: (string | undefined)[];
}

function fact(
  { kind, type, number, customer, dedupKey, times }: Told,
  context: NormalizeContext,
): NormalizeResult {
  const isOrder = kind.object === 'SalesOrder';
  const draft = documentFact({
    type: isOrder ? 'org.reroute.order.changed.v1' : 'org.reroute.delivery.changed.v1',
    context,
    code: { codeList: kind.object, status: kind.action, text: type },
    meaning: codes.meaning(kind.object, kind.action),
    time: firstTime(times, context),
    dedupKey,
    identifiers: identifiersOf({
      ...(isOrder ? { erpSalesOrderId: number } : { deliveryId: number }),
      customerAccount: customer,
    }),
  });
  return { facts: [draft], reports: [] };
}
