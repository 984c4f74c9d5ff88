/** What Shippo hands out besides tracks: transactions (labels), addresses with their validation, refused calls. */
import type { Out } from '../kit/collect';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { notAFact, reject } from '../kit/json';
import { referenceIdentifiers } from '../kit/reference';
import { refusedCallFact } from '../kit/refused-call';
import { idText, type Json, object, objects, text } from '../kit/text';
import { instant, isoTime, receivedTime } from '../kit/time';
import { codes } from './tracking';

/** The order of a list of messages says nothing: the same refusal is the same key. */
const wordsOf = (messages: readonly Json[]) =>
  messages.flatMap((message) => text(message.text, 300) ?? []).toSorted();

/** A label by its own status. Its number counts only where the rate names the carrier whose number it is. */
export function readTransaction(transaction: Json, at: string, context: NormalizeContext, out: Out): void {
  const id = idText(transaction.object_id, 200);
  const status = text(transaction.status, 100);
  if (id === undefined || status === undefined) {
    out.reports.push(reject('TRANSACTION_INVALID', 'a transaction without object_id or status', at));
    return;
  }
  const meaning = codes.meaning('transaction', status);
  if (meaning.mapped && meaning.milestone === undefined && meaning.exception === undefined) {
    out.reports.push(notAFact('TRANSACTION_UNDER_WAY', `the transaction is ${status}`, at));
    return;
  }
  const number = idText(transaction.tracking_number);
  const carrier = text(object(transaction.rate)?.provider, 60)?.toLowerCase();
  const words = wordsOf(objects(transaction.messages, 50)).join('; ');
  const when = status === 'SUCCESS' ? transaction.object_created : transaction.object_updated;
  const fact = shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'transaction', status, text: words || undefined },
    time: isoTime(when) ?? receivedTime(context.receivedAt),
    recordTime: instant(context.receivedAt),
    identifiers: {
      ...referenceIdentifiers(context.settings, [idText(transaction.metadata, 200)]),
      shipmentId: [{ namespace: 'shippo', value: id }],
      ...(number === undefined || carrier === undefined
        ? {}
        : { trackingNumber: [{ carrier: carrier.replace(/\s+/g, '_'), value: number }] }),
    },
    dedupKey: keyOf(['shippo', 'transaction', id, status]),
  });
  out.facts.push(fact);
}

/** A 2xx address may hold a validation that failed. */
export function readAddress(address: Json, at: string, context: NormalizeContext, out: Out): void {
  const results = object(address.validation_results);
  const messages = objects(results?.messages, 50);
  const status = results?.is_valid === false ? 'invalid' : 'valid';
  const words = wordsOf(messages).join('; ');
  const reason = messages.flatMap((message) => text(message.code, 100) ?? []).toSorted()[0];
  const fact =
    results === undefined
      ? undefined
      : refusedCallFact(
          {
            codes,
            code: { codeList: 'address', status, reason, text: words || undefined },
            message: words || `the address is ${status}`,
            key: [text(address.object_id, 100)],
          },
          context,
        );
  if (fact === undefined)
    out.reports.push(notAFact('ADDRESS', 'an address that is not known to be wrong', at));
  else out.facts.push(fact);
}
