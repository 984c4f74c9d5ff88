/** IFTSTA International multimodal status report: one fact per STS, classified by its own status and reason. */
import type { FactDraft } from '../../../model/fact';
import type { Mapped } from '../../kit/edi/scope';
import type { Segment } from '../../kit/edi/segments';
import type { IdentifierBag } from '../../kit/edi/settings';
import { idOf } from '../../kit/edi/text';
import { addContainers, addReference, type MessageScope, placeOf } from '../scope';

/** When it happened, in order of preference: 334 status, 78 event, 178 arrival, 186 departure, 35 delivery, 7 effective, 137 document. */
const happened = ['334', '78', '178', '186', '35', '7', '137'];
const estimated = ['132', '17'];

/** What stands between one STS and the next. */
interface Status {
  sts: Segment;
  consignment: Segment | undefined;
  segments: Segment[];
}

export function mapStatusReport(scope: MessageScope): Mapped {
  const header: Segment[] = [];
  const statuses: Status[] = [];
  let consignment: Segment | undefined;
  for (const segment of scope.segments) {
    if (segment.tag === 'CNI') consignment = segment;
    else if (segment.tag === 'STS') statuses.push({ sts: segment, consignment, segments: [] });
    else if (consignment === undefined && statuses.length === 0) header.push(segment);
    // Behind a new CNI and before its STS nothing belongs to the consignment before.
    else if (statuses.at(-1)?.consignment === consignment) statuses.at(-1)?.segments.push(segment);
  }
  // Every status repeats the header's references, of which nobody sends many.
  const shared = header.filter(({ tag }) => tag === 'RFF').slice(0, 20);
  const document = scope.dated(header, ['137']);
  const facts = statuses.map((status) => statusFact(scope, status, shared, document));
  return facts.length > 0
    ? { facts, reports: [] }
    : { facts, reports: [scope.note('NO_STATUS', 'an IFTSTA without an STS')] };
}

function statusFact(
  scope: MessageScope,
  status: Status,
  shared: readonly Segment[],
  document: Segment | undefined,
): FactDraft {
  const { sts, consignment, segments } = status;
  const bag = scope.bag();
  for (const segment of segments) addIdentifier(bag, segment);
  for (const segment of shared) addReference(bag, segment);
  // CNI names the consignment as the transport knows it: last, for RFF is more precise.
  if (consignment !== undefined) bag.add('proNumber', 'consignment', consignment.component(2, 1));
  const { place, country } = placeOf(segments.find(({ tag }) => tag === 'LOC'));
  const event = scope.dated(segments, happened) ?? document;
  const eta = scope.dated(segments, estimated);
  const text = segments.find(({ tag }) => tag === 'FTX')?.component(4, 1);
  return scope.coded({
    code: { ...codeOf(scope, sts), text: text === undefined ? undefined : idOf(text, 2000) },
    time: event === undefined ? scope.received : scope.time(event, country),
    identifiers: bag.identifiers(),
    place,
    ...(eta === undefined ? {} : { more: { context: { etaAt: scope.time(eta, country).iso } } }),
  });
}

function addIdentifier(bag: IdentifierBag, segment: Segment): void {
  if (segment.tag === 'RFF') addReference(bag, segment);
  else if (segment.tag === 'GIN') addContainers(bag, segment);
}

/** Directories before D.98A have the status event (9011); since then C555 takes UN/ECE Recommendation 24 where the category is transport. */
const eventDirectories = /^9[0-7][A-Z]$/;
/** 3055: codes of a party's own are in no list of ours. */
const ownAgencies = new Set(['86', '87', '89', '90', '91', '92', '93', 'ZZZ']);

function codeOf(
  scope: MessageScope,
  sts: Segment,
): { codeList: string; status: string; reason: string | undefined } {
  const category = sts.component(1, 1).trim();
  const status = sts.component(2, 1).trim();
  const reason = idOf(sts.component(3, 1), 500);
  const agency = sts.component(2, 3).trim();
  if (ownAgencies.has(agency)) return { codeList: 'own', status, reason };
  if (category !== '' && category !== '1')
    return { codeList: '9015', status: category.slice(0, 500), reason: undefined };
  return { codeList: eventDirectories.test(scope.version) ? '9011' : 'rec24', status, reason };
}
