/** Every other EasyPost object: events, claims, shipments, pickups, addresses, errors. */
import type { FactData, FactDraft } from '../../model/fact';
import type { Out } from '../kit/collect';
import type { NormalizeContext, NormalizeResult } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { notAFact, reject } from '../kit/json';
import { checkedBy } from '../kit/payload';
import { referenceIdentifiers } from '../kit/reference';
import { refusedCallFact } from '../kit/refused-call';
import { idText, type Json, list, object, text } from '../kit/text';
import { factTime, instant, isoTime, receivedTime } from '../kit/time';
import { claim, errorBody, event, shipment } from './schema';
import { carrierOf, codes, issueOf, readTracker } from './trackers';

const checkedEvent = checkedBy(event);
const checkedClaim = checkedBy(claim);
const checkedShipment = checkedBy(shipment);

type Reader = (body: Json, at: string, context: NormalizeContext, out: Out) => void;
/** Lists that EasyPost answers with, and what is in them. */
const lists: Readonly<Record<string, string>> = {
  trackers: 'Tracker',
  events: 'Event',
  claims: 'Claim',
  shipments: 'Shipment',
  pickups: 'Pickup',
};

const readers: Readonly<Record<string, Reader>> = {
  Tracker: (body, at, context, { facts, reports }) => readTracker(body, at, context, facts, reports),
  Event: readEvent,
  Claim: readClaim,
  Shipment: readShipment,
  Address: readAddress,
};

export function normalizeObject(root: Json, context: NormalizeContext): NormalizeResult {
  const out: Out = { facts: [], reports: [] };
  const error = root.error;
  if (error !== undefined && error !== null) readError(error, context, out);
  else readAny(root, '', context, out);
  return out;
}

function readAny(body: Json, at: string, context: NormalizeContext, out: Out) {
  for (const [name, kind] of Object.entries(lists)) {
    if (!Array.isArray(body[name]) || body.object !== undefined) continue;
    body[name].forEach((item, index) => {
      readOne(item, kind, `${at}/${name}/${index}`, context, out);
    });
    if (body[name].length === 0) out.reports.push(notAFact('EMPTY_LIST', `an empty list of ${name}`, at));
    return;
  }
  readOne(body, undefined, at, context, out);
}

function readOne(
  item: unknown,
  expected: string | undefined,
  at: string,
  context: NormalizeContext,
  out: Out,
) {
  const body = object(item);
  const kind = text(body?.object, 60) ?? expected;
  if (body === undefined || kind === undefined) {
    out.reports.push(reject('NOT_AN_EASYPOST_OBJECT', 'JSON without an `object` that names its kind', at));
    return;
  }
  const reader = readers[kind];
  if (reader !== undefined) reader(body, at, context, out);
  else out.reports.push(notAFact('OBJECT_WITHOUT_EVENT', `a ${kind} carries no event of a shipment`, at));
}

/** A webhook: its `result` is the object that changed; the event log leaves it out. */
function readEvent(body: Json, at: string, context: NormalizeContext, out: Out) {
  const parsed = checkedEvent(body);
  if (!parsed.success) {
    out.reports.push(reject('EVENT_INVALID', issueOf(parsed.error), at));
    return;
  }
  const { result, description } = parsed.data;
  if (object(result) === undefined) {
    const what = text(description, 100) ?? 'an event';
    out.reports.push(notAFact('EVENT_WITHOUT_RESULT', `${what}: fetch the object it is about`, at));
  } else
    readOne(
      result,
      text(description, 60)?.startsWith('tracker.') ? 'Tracker' : undefined,
      `${at}/result`,
      context,
      out,
    );
}

function readClaim(body: Json, at: string, context: NormalizeContext, out: Out) {
  const parsed = checkedClaim(body);
  if (!parsed.success) {
    out.reports.push(reject('CLAIM_INVALID', issueOf(parsed.error), at));
    return;
  }
  const {
    id,
    type,
    status,
    created_at: created,
    tracking_code: tracking,
    shipment_id: shipmentId,
  } = parsed.data;
  const number = idText(tracking);
  const ownShipment = idText(shipmentId, 200);
  const fact = shipmentFact({
    manifest: context.manifest,
    codes,
    code: {
      codeList: 'claim',
      status: text(type, 100) ?? 'unknown',
      reason: text(status, 100),
      text: text(parsed.data.description, 2000),
    },
    time: claimTime(created) ?? receivedTime(context.receivedAt),
    recordTime: instant(context.receivedAt),
    identifiers: {
      ...(number === undefined
        ? {}
        : { trackingNumber: [{ carrier: carrierOf(body.carrier), value: number }] }),
      ...(ownShipment === undefined ? {} : { shipmentId: [{ namespace: 'easypost', value: ownShipment }] }),
    },
    dedupKey: keyOf(['easypost', 'claim', id, type ?? undefined]),
    more: evidenceOf(parsed.data.attachments ?? []),
  });
  out.facts.push({ ...fact, type: 'org.reroute.claim.filed.v1' });
}

/** Claims carry times without an offset; the API's other times are UTC. */
const claimTime = (created: unknown) => isoTime(created);

function evidenceOf(attachments: readonly unknown[]): { evidence?: FactData['evidence'] } {
  const uris = attachments.flatMap((uri) => idText(uri, 2000) ?? []).slice(0, 100);
  return uris.length === 0 ? {} : { evidence: uris.map((uri) => ({ kind: 'document' as const, uri })) };
}

/** A shipment with a label is the label; its tracker, where it is included, tells the rest. */
function readShipment(body: Json, at: string, context: NormalizeContext, out: Out) {
  const parsed = checkedShipment(body);
  if (!parsed.success) {
    out.reports.push(reject('SHIPMENT_INVALID', issueOf(parsed.error), at));
    return;
  }
  const { id, reference, tracking_code: tracking, selected_rate: rate, postage_label: label } = parsed.data;
  const number = idText(tracking);
  const before = out.facts.length;
  if (label && number !== undefined) {
    const carrier = carrierOf(rate?.carrier ?? object(parsed.data.tracker)?.carrier);
    const own = idText(id, 200);
    out.facts.push({
      type: 'org.reroute.shipment.milestone.v1',
      dedupKey: keyOf([carrier, number, 'LABEL_CREATED']),
      data: {
        time: factTime(
          isoTime(label.created_at) ?? receivedTime(context.receivedAt),
          instant(context.receivedAt),
        ),
        identifiers: {
          ...referenceIdentifiers(context.settings, [text(reference)]),
          ...(own === undefined ? {} : { shipmentId: [{ namespace: 'easypost', value: own }] }),
          trackingNumber: [{ carrier, value: number }],
        },
        milestone: 'LABEL_CREATED',
      },
    });
  }
  if (list(object(parsed.data.tracker)?.tracking_details).length > 0)
    readTracker(parsed.data.tracker, `${at}/tracker`, context, out.facts, out.reports);
  if (out.facts.length === before)
    out.reports.push(notAFact('SHIPMENT_WITHOUT_LABEL', 'a shipment without a label', at));
}

/** A 2xx address may hold a verification that failed. */
function readAddress(body: Json, at: string, context: NormalizeContext, out: Out) {
  const failed = Object.values(object(body.verifications) ?? {})
    .map(object)
    .find((check) => check?.success === false);
  const errors = list(failed?.errors).map((item) => object(item));
  const message = errors
    .map((item) => text(item?.message, 300))
    .filter((words) => words !== undefined)
    .join('; ');
  const reason = text(errors[0]?.code, 100);
  const fact =
    failed &&
    refusedCallFact(
      {
        codes,
        code: { codeList: 'verification', status: 'failed', reason, text: message || undefined },
        message: message || 'the address could not be verified',
        key: [text(body.id, 100)],
      },
      context,
    );
  if (fact) out.facts.push(fact);
  else out.reports.push(notAFact('ADDRESS', 'an address without a failed verification', at));
}

/** `ADDRESS` of `ADDRESS.VERIFY.FAILURE`. */
const familyOf = (code: string) => code.split('.')[0] ?? code;

/** A refused call. Errors come as objects or, in the alternative format, as plain sentences. */
function readError(raw: unknown, context: NormalizeContext, out: Out) {
  const parsed = errorBody.safeParse(raw);
  if (!parsed.success) {
    out.reports.push(reject('ERROR_INVALID', issueOf(parsed.error), '/error'));
    return;
  }
  const { code, errors } = parsed.data;
  // The order of the list says nothing: the same refusal is the same key.
  const items = list(errors).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const details = items.map((item) => text(item, 500) ?? text(object(item)?.message, 500));
  const message = [text(parsed.data.message, 1000), ...details]
    .filter((words) => words !== undefined)
    .join('; ');
  const field = text(object(items[0])?.field, 100);
  const found = [
    { codeList: 'error', status: code, reason: field },
    { codeList: 'error-family', status: familyOf(code), reason: code },
  ].find((candidate) => codes.meaning(candidate.codeList, candidate.status, candidate.reason).mapped);
  const fact =
    found &&
    refusedCallFact(
      { codes, code: { ...found, text: message }, message, key: [code, field, message] },
      context,
    );
  if (fact !== undefined) out.facts.push({ ...fact, data: withCode(fact.data, code) });
  else
    out.reports.push(notAFact(code.slice(0, 100), message.slice(0, 500) || 'the call was refused', '/error'));
}

function withCode(data: FactDraft['data'], errorCode: string): FactDraft['data'] {
  return data.exception === undefined ? data : { ...data, exception: { ...data.exception, errorCode } };
}
