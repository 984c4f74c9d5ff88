/** TA1 Interchange Acknowledgment: what the partner says about an interchange of ours. */
import type { NormalizeContext } from '../kit/connector';
import { keyOf, shipmentFact } from '../kit/draft';
import { type Mapped, sentDocument } from '../kit/edi/scope';
import type { Segment } from '../kit/edi/segments';
import { notAFact } from '../kit/json';
import { instant, receivedTime } from '../kit/time';
import type { X12Interchange } from './envelope';
import { codes } from './scope';

/** TA1: 01 our control number, 02 and 03 our date and time, 04 the verdict, 05 the note code. */
export function interchangeVerdict(
  ta1: Segment,
  interchange: X12Interchange,
  context: NormalizeContext,
): Mapped {
  const status = ta1.element(4).trim() || '-';
  const control = ta1.element(1).trim().slice(0, 20);
  if (codes.meaning('I17', status).exception === undefined)
    return {
      facts: [],
      reports: [notAFact('ACKNOWLEDGED', `interchange ${control} was accepted`, interchange.at)],
    };
  const note = ta1.element(5).trim();
  const fact = shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'I17', status: status.slice(0, 500), agency: 'X12' },
    time: receivedTime(context.receivedAt),
    recordTime: instant(context.receivedAt),
    identifiers: {},
    dedupKey: keyOf(['x12', 'ta1', ...[5, 6, 7, 8, 13].map((n) => interchange.isa[n]), ta1.raw]),
    details: {
      errorCode: `${status} ${note}`.trim().slice(0, 200),
      message: `interchange ${control} was refused (note code ${note.slice(0, 10)})`,
    },
    more: sentDocument('x12', control),
  });
  return { facts: [fact], reports: [] };
}
