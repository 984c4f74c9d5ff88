/**
 * A carrier's answer that refused a call (a label, an address) as a fact: the body names no shipment and no time, so it is
 * correlated by the request, and its moment is that of its receipt.
 */
import type { FactDraft } from '../../model/fact';
import type { CodeTable } from './codes';
import type { NormalizeContext } from './connector';
import { keyOf, shipmentFact, type VendorCode } from './draft';
import { instant, receivedTime } from './time';

export interface RefusedCall {
  codes: CodeTable;
  code: VendorCode;
  /** What the vendor says about it, all errors together. */
  message: string;
  /** Identifies the answer: all its error codes and messages. */
  key: readonly (string | undefined)[];
}

/** One exception fact for one refused call; undefined when the code table knows it as no exception of a shipment. */
export function refusedCallFact(call: RefusedCall, context: NormalizeContext): FactDraft | undefined {
  const { codes, code, message, key } = call;
  if (codes.meaning(code.codeList, code.status, code.reason).exception === undefined) return undefined;
  return shipmentFact({
    manifest: context.manifest,
    codes,
    code,
    time: receivedTime(context.receivedAt),
    recordTime: instant(context.receivedAt),
    identifiers: {},
    dedupKey: keyOf([context.manifest.id, 'refused', code.codeList, code.status, code.reason, ...key]),
    details: { errorCode: (code.reason ?? code.status).slice(0, 200), message: message.slice(0, 2000) },
  });
}
