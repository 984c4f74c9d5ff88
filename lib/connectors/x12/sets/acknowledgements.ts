/** 997 Functional Acknowledgment and 824 Application Advice: what the partner says about documents of ours; TA1 about interchanges. */
import type { Discrepancy, FactDraft } from '../../../model/fact';
import { discrepancyOf, type Mapped, quantityOf, sentDocument } from '../../kit/edi/scope';
import type { Segment } from '../../kit/edi/segments';
import type { IdentifierBag } from '../../kit/edi/settings';
import { decimalText, idOf } from '../../kit/edi/text';
import { addReference } from '../references';
import { codes, type SetScope } from '../scope';

interface Answered {
  type: string;
  control: string;
  notes: string[];
}

/** One fact per transaction set of ours that was refused, or for the group when its sets are not named. */
export function mapFunctionalAcknowledgement(scope: SetScope): Mapped {
  const group = scope.require('AK1');
  const facts: FactDraft[] = [];
  let answered: Answered | undefined;
  for (const segment of scope.segments) {
    if (segment.tag === 'AK2')
      answered = { type: segment.element(1).trim(), control: segment.element(2).trim(), notes: [] };
    else if (segment.tag === 'AK3')
      answered?.notes.push(`${segment.element(1)} at ${segment.element(2)}: ${segment.element(4)}`);
    else if (segment.tag === 'AK4')
      answered?.notes.push(`element ${segment.element(1)}: ${segment.element(3)}`);
    else if (segment.tag === 'AK5') {
      const refused = refusal(scope, '717', segment, 2, answered, group);
      if (refused !== undefined) facts.push(refused);
      answered = undefined;
    }
  }
  const trailer = scope.find('AK9');
  const refused =
    facts.length > 0 || trailer === undefined
      ? undefined
      : refusal(scope, '715', trailer, 5, undefined, group);
  if (refused !== undefined) facts.push(refused);
  return facts.length > 0
    ? { facts, reports: [] }
    : { facts, reports: [scope.note('ACKNOWLEDGED', `group ${group.element(2).slice(0, 20)} was accepted`)] };
}

function refusal(
  scope: SetScope,
  codeList: string,
  verdict: Segment,
  firstError: number,
  answered: Answered | undefined,
  group: Segment,
): FactDraft | undefined {
  const status = verdict.element(1).trim() || '-';
  if (codes.meaning(codeList, status).exception === undefined) return undefined;
  const errors = [0, 1, 2, 3, 4]
    .map((n) => verdict.element(firstError + n).trim())
    .filter((error) => error !== '');
  const what = answered === undefined ? '' : `${answered.type} ${answered.control} in `;
  const notes = answered?.notes.slice(0, 20).join('; ') ?? '';
  return scope.coded({
    code: { codeList, status },
    time: scope.received,
    identifiers: {},
    more: documentOf(group),
    details: {
      errorCode: [status, ...errors].join(' ').slice(0, 200),
      message:
        `${what}group ${group.element(1)} ${group.element(2)} was refused${notes === '' ? '' : `: ${notes}`}`.slice(
          0,
          2000,
        ),
    },
  });
}

/** AK102 is our GS06: the interchange's own number without its leading zeros, where we wrote both. */
function documentOf(group: Segment) {
  const control = group.element(2).trim();
  return /^\d{1,9}$/.test(control) ? sentDocument('x12', control.padStart(9, '0')) : {};
}

interface Advice {
  status: string;
  document: string;
  bag: IdentifierBag;
  errors: string[];
  discrepancies: Discrepancy[];
}

/**
 * One fact per OTI. A refused tender is CARRIER_REJECTED; a refused ASN whose TED tells both quantities is ASN_MISMATCH, because a mismatch
 * is about quantities; any other refusal is an INTEGRATION_FAILURE: the partner could not work with what we sent.
 */
export function mapApplicationAdvice(scope: SetScope): Mapped {
  const header = scope.require('BGN');
  const facts: FactDraft[] = [];
  let advice: Advice | undefined;
  const close = () => {
    if (advice !== undefined) facts.push(adviceFact(scope, header, advice));
  };
  for (const segment of scope.segments) {
    if (segment.tag === 'OTI') {
      close();
      advice = adviceOf(scope, segment);
    } else if (advice !== undefined && segment.tag === 'REF')
      addSubject(advice, segment.element(1), segment.element(2));
    else if (advice !== undefined && segment.tag === 'TED') addError(advice, segment);
  }
  close();
  return facts.length > 0
    ? { facts, reports: [] }
    : { facts, reports: [scope.note('NO_ADVICE', 'an 824 without an OTI')] };
}

function adviceOf(scope: SetScope, oti: Segment): Advice {
  const advice: Advice = {
    status: oti.element(1).trim() || '-',
    document: oti.element(10).trim(),
    bag: scope.bag(),
    errors: [],
    discrepancies: [],
  };
  addSubject(advice, oti.element(2), oti.element(3));
  return advice;
}

/** SI is the number of the ship notice when one is meant, and of the shipment otherwise. */
function addSubject(advice: Pick<Advice, 'bag' | 'document'>, qualifier: string, value: string): void {
  if (qualifier.trim() === 'SI' && advice.document === '856') advice.bag.add('asnId', 'asn', value);
  else addReference(advice.bag, qualifier, value, undefined);
}

/** TED: 01 error, 02 words, 03 segment, 05 element's place, 07 what we wrote, 08 what it should be. */
function addError(advice: Advice, ted: Segment): void {
  const words = [ted.element(1), ted.element(3), ted.element(2)]
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (advice.errors.length < 20) advice.errors.push(words.join(' ').slice(0, 200));
  const actual = decimalText(ted.element(7));
  const expected = decimalText(ted.element(8));
  if (ted.element(3).trim() === 'SN1' && actual !== undefined && expected !== undefined)
    advice.discrepancies.push(
      discrepancyOf(
        idOf(ted.element(4), 100) ?? String(advice.discrepancies.length + 1),
        undefined,
        quantityOf(expected, 'EA'),
        quantityOf(actual, 'EA'),
      ),
    );
}

function adviceFact(scope: SetScope, header: Segment, advice: Advice): FactDraft {
  const { status, document, errors, discrepancies } = advice;
  const common = { time: scope.time(header, 3, 4, 5), identifiers: advice.bag.identifiers() };
  const refused = codes.meaning('110', status, document || undefined);
  const details = {
    errorCode: [status, document].join(' ').trim().slice(0, 200),
    message:
      `${document || 'a document'} was answered with ${status}${errors.length === 0 ? '' : `: ${errors.slice(0, 20).join('; ')}`}`.slice(
        0,
        2000,
      ),
  };
  if (refused.mapped && refused.exception !== undefined && document === '856' && discrepancies.length > 0)
    return scope.counted({
      ...common,
      code: { codeList: 'TED', status, reason: document },
      exception: { code: 'ASN_MISMATCH', ...details, discrepancies },
    });
  const code = { codeList: '110', status, ...(document === '' ? {} : { reason: document.slice(0, 500) }) };
  return scope.coded({ ...common, code, details });
}
