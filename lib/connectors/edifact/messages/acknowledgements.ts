/** CONTRL and APERAK: what the partner's translator, and its application, say about messages of ours. */
import type { FactDraft } from '../../../model/fact';
import { type Mapped, sentDocument } from '../../kit/edi/scope';
import type { Segment } from '../../kit/edi/segments';
import { addReference, codes, type MessageScope } from '../scope';

interface Verdict {
  segment: Segment;
  /** Element that holds the action (0083); the syntax error (0085) follows it. */
  action: number;
  what: string;
  notes: string[];
}

/** One fact per interchange, group or message of ours that was refused. */
export function mapSyntaxReport(scope: MessageScope): Mapped {
  const uci = scope.require('UCI');
  const facts = verdictsOf(scope.segments).flatMap((verdict) => refusal(scope, verdict, uci));
  return facts.length > 0
    ? { facts, reports: [] }
    : {
        facts,
        reports: [scope.note('ACKNOWLEDGED', `interchange ${uci.component(1).slice(0, 20)} was accepted`)],
      };
}

function verdictsOf(segments: readonly Segment[]): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const segment of segments) {
    const name = segment.component(1).slice(0, 20);
    const notes = verdicts.at(-1)?.notes;
    if (segment.tag === 'UCI') verdicts.push({ segment, action: 4, what: `interchange ${name}`, notes: [] });
    else if (segment.tag === 'UCF') verdicts.push({ segment, action: 4, what: `group ${name}`, notes: [] });
    else if (segment.tag === 'UCM')
      verdicts.push({ segment, action: 3, what: `${segment.component(2).slice(0, 6)} ${name}`, notes: [] });
    else if (notes === undefined || notes.length >= 20) continue;
    else if (segment.tag === 'UCS') notes.push(`segment ${name}: ${segment.component(2)}`);
    else if (segment.tag === 'UCD') notes.push(`element ${segment.component(2)}: ${name}`);
  }
  return verdicts;
}

function refusal(scope: MessageScope, { segment, action, what, notes }: Verdict, uci: Segment): FactDraft[] {
  const status = segment.component(action).trim() || '-';
  if (codes.meaning('0083', status).exception === undefined) return [];
  const error = segment.component(action + 1).trim();
  const words = notes.join('; ');
  // UCI 0020 is the reference of our interchange.
  const more = sentDocument('edifact', uci.component(1).trim().slice(0, 14));
  const details = {
    errorCode: `${status} ${error}`.trim().slice(0, 200),
    message: `${what} was refused${words === '' ? '' : `: ${words}`}`.slice(0, 2000),
  };
  return [
    scope.coded({ code: { codeList: '0083', status }, time: scope.received, identifiers: {}, details, more }),
  ];
}

/** A refusal by the application. One of a booking is CARRIER_REJECTED; BGM 1225 decides, and where it is silent, whether there is an error. */
export function mapApplicationReport(scope: MessageScope): Mapped {
  const header = scope.require('BGM');
  const bag = scope.bag();
  const errors: string[] = [];
  let booking = false;
  for (const segment of scope.segments) {
    if (segment.tag === 'RFF') {
      addReference(bag, segment);
      booking ||= segment.component(1, 1) === 'BN';
    } else if (segment.tag === 'ERC') errors.push(segment.component(1, 1));
    else if (segment.tag === 'FTX' && errors.length > 0) errors.push(segment.component(4, 1));
  }
  const when = scope.dated(scope.segments, ['137']);
  const status = header.component(3).trim();
  const words = errors
    .map((error) => error.trim())
    .filter((error) => error !== '')
    .slice(0, 20);
  const details = {
    errorCode: (words[0] ?? status).slice(0, 200),
    message: `an APERAK reports: ${words.join('; ') || status}`.slice(0, 2000),
  };
  const common = {
    time: when === undefined ? scope.received : scope.time(when),
    identifiers: bag.identifiers(),
  };
  const known = codes.meaning('1225-APERAK', status);
  if (words.length > 0 && (status === '' || (known.mapped && known.exception === undefined)))
    return {
      facts: [
        scope.counted({
          ...common,
          code: { codeList: 'ERC', status: words[0] ?? '-' },
          exception: { code: 'INTEGRATION_FAILURE', ...details },
        }),
      ],
      reports: [],
    };
  if (status === '')
    return { facts: [], reports: [scope.note('ACKNOWLEDGED', 'an APERAK without an error')] };
  const code = { codeList: '1225-APERAK', status, reason: booking ? 'BN' : undefined };
  return { facts: [scope.coded({ ...common, code, details })], reports: [] };
}
