/** What ShipEngine hands out besides tracking: labels, address checks, batches and refused calls (openapi.yaml). */
import type { Out } from '../kit/collect';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { notAFact, reject } from '../kit/json';
import { referenceIdentifiers } from '../kit/reference';
import { refusedCallFact } from '../kit/refused-call';
import { idText, type Json, object, objects, text } from '../kit/text';
import { instant, isoTime, receivedTime } from '../kit/time';
import { carrierOf, codes } from './tracking';

const joined = (parts: readonly (string | undefined)[]) =>
  parts.filter((part) => part !== undefined).join('; ');

/** A label by its own status; a batch whose labels are still made says `processing`. */
export function readLabel(label: Json, at: string, context: NormalizeContext, out: Out): void {
  const number = idText(label.tracking_number);
  const shipmentId = idText(label.label_id, 200);
  const status = label.voided === true ? 'voided' : text(label.status, 100);
  if (shipmentId === undefined || status === undefined) {
    out.reports.push(reject('LABEL_INVALID', 'a label without label_id or status', at));
    return;
  }
  const meaning = codes.meaning('label', status);
  if (meaning.mapped && meaning.milestone === undefined && meaning.exception === undefined) {
    out.reports.push(notAFact('LABEL_UNDER_WAY', `the label is ${status}`, at));
    return;
  }
  const carrier = carrierOf(text(label.carrier_code, 60));
  const fact = shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'label', status },
    time:
      isoTime(status === 'voided' ? label.voided_at : label.created_at) ?? receivedTime(context.receivedAt),
    recordTime: instant(context.receivedAt),
    identifiers: {
      ...referenceIdentifiers(context.settings, [idText(label.external_order_id, 200)]),
      shipmentId: [{ namespace: 'shipengine', value: shipmentId }],
      ...(number === undefined ? {} : { trackingNumber: [{ carrier, value: number }] }),
    },
    dedupKey: keyOf(['shipengine', 'label', shipmentId, status]),
  });
  out.facts.push(fact);
}

const addressFields = [
  'name',
  'address_line1',
  'address_line2',
  'city_locality',
  'postal_code',
  'country_code',
];

/** The order of a list of messages says nothing: the same refusal is the same key. */
const byWords = (a: Json, b: Json) => (String(a.message) < String(b.message) ? -1 : 1);

/** A 2xx may hold an address that does not exist: each result says so for itself. */
export function readAddresses(results: readonly unknown[], context: NormalizeContext, out: Out): void {
  results.forEach((raw, index) => {
    const result = object(raw);
    const status = text(result?.status, 100);
    const at = `/${index}`;
    if (result === undefined || status === undefined) {
      out.reports.push(reject('ADDRESS_RESULT_INVALID', 'an address result without a status', at));
      return;
    }
    const messages = objects(result.messages, 50).toSorted(byWords);
    const message = joined(messages.map((item) => text(item.message, 300)));
    const reason = text(messages[0]?.detail_code, 100) ?? text(messages[0]?.code, 100);
    const code = { codeList: 'address', status, reason, text: message || undefined };
    const asked = object(result.original_address);
    const key = addressFields.map((field) => text(asked?.[field], 200));
    const fact = refusedCallFact(
      { codes, code, message: message || `the address is ${status}`, key },
      context,
    );
    if (fact === undefined) out.reports.push(notAFact('ADDRESS', `the address is ${status}`, at));
    else out.facts.push(fact);
  });
}

/** https://docs.shipstation.com/apis/shipengine/docs/guides/webhooks: a batch of labels that ended; it names no shipment. */
export function readBatch(batch: Json, at: string, context: NormalizeContext, out: Out): void {
  const id = idText(batch.batch_id, 200);
  const status = text(batch.status, 100) ?? 'unknown';
  const count = text(batch.errors, 20);
  const message = count === undefined ? `the batch is ${status}` : `the batch is ${status}, ${count} errors`;
  const fact = refusedCallFact(
    { codes, code: { codeList: 'batch', status, text: message }, message, key: [id] },
    context,
  );
  if (fact === undefined) out.reports.push(notAFact('BATCH', message, at));
  else out.facts.push(fact);
}

/** A refused call: `errors` of an answer outside of 2xx. Some carry an empty code, which ShipEngine calls `unspecified` elsewhere. */
export function readErrors(errors: readonly Json[], context: NormalizeContext, out: Out): void {
  const sorted = errors.toSorted(byWords);
  const message = joined(sorted.map((error) => text(error.message, 500)));
  const status = text(sorted[0]?.error_code, 100) ?? 'unspecified';
  const code = { codeList: 'error', status, text: message || undefined };
  const key = sorted.map((error) => text(error.message, 500));
  const fact = refusedCallFact({ codes, code, message: message || status, key }, context);
  if (fact === undefined) out.reports.push(notAFact(status, message || 'the call was refused', '/errors'));
  else out.facts.push(fact);
}
