/**
 * The shipment view: the fold of all facts about one shipment. It keeps a bounded set of fact digests and derives everything
 * else from that set, so that arrival order and repetition cannot matter.
 *
 * What is kept: per group (`outcome`: exceptions and ends; `context`: facts with business context; `scan`: all others) the
 * latest facts by event time, up to `shipmentLimits`; the latest retractions; every identifier up to a limit a kind. Retracted facts hold
 * their place, or the set would depend on which of the two came first. `truncated` says that older facts have left the view;
 * the ledger still has them.
 */
import type { Fact, Milestone } from './fact';
import { maxIdentifiersPerKind, unionIdentifiers } from './identifiers';
import { factId } from './keys';
import { deriveShipment } from './shipment-derive';
import type { FactDigest, ShipmentView } from './shipment-view';

export const shipmentLimits = {
  outcome: 40,
  context: 20,
  scan: 40,
  retractions: 40,
  identifiersPerKind: maxIdentifiersPerKind,
} as const;

export type { FactDigest, Retraction, ShipmentEvent, ShipmentException, ShipmentView } from './shipment-view';

export function emptyShipment(key: string): ShipmentView {
  return { key, facts: [], retractions: [], truncated: false, identifiers: {}, context: {}, exceptions: [] };
}

/**
 * The view with one more fact. Commutative and idempotent: any order and any repetition of the same facts give an equal view;
 * a fact that is known already gives the same object back.
 */
export function foldShipment(view: ShipmentView, fact: Fact): ShipmentView {
  const identifiers = unionIdentifiers(view.identifiers, fact.data.identifiers);
  const change =
    fact.data.retracts === undefined ? addDigest(view, digestOf(fact)) : addRetraction(view, fact);
  if (change === undefined && identifiers === view.identifiers) return view;
  return deriveShipment({ ...view, ...change, identifiers });
}

const forecastEnds = new Set<Milestone>(['DELIVERED', 'AVAILABLE_FOR_PICKUP']);

/** The estimated delivery that a fact states, epoch milliseconds: in its context, or by being a forecast of the delivery. */
export function etaOf(fact: Fact): number | undefined {
  const { context, milestone, time } = fact.data;
  if (context?.etaAt !== undefined) return Date.parse(context.etaAt);
  const forecast = time.timeClassifier === 'ESTIMATED' || time.timeClassifier === 'PLANNED';
  return forecast && milestone !== undefined && forecastEnds.has(milestone)
    ? Date.parse(time.eventTime)
    : undefined;
}

function digestOf(fact: Fact): FactDigest {
  const { time, context = {}, milestone, exception, sourceCode, place } = fact.data;
  const { etaAt: _eta, ...business } = context;
  const actual = time.timeClassifier === 'ACTUAL';
  const at = Date.parse(time.eventTime);
  const eta = etaOf(fact);
  const words = [place?.name, place?.city, place?.country]
    .filter((word) => word !== undefined)
    .join(', ')
    .slice(0, 120);
  return {
    id: fact.id,
    at,
    assertedAt: actual ? at : Date.parse(time.sourceRecordTime ?? time.recordTime),
    recordedAt: Date.parse(fact.recordedTime),
    actual,
    ...(milestone && { milestone }),
    ...(exception && { code: exception.code }),
    ...(eta !== undefined && { eta }),
    ...(Object.keys(business).length > 0 && { context: business }),
    ...(sourceCode && { status: sourceCode.status.slice(0, 120) }),
    ...(words !== '' && { place: words }),
  };
}

const ends = new Set<Milestone>(['DELIVERED', 'RETURNED', 'RECEIVED', 'CANCELLED']);

function groupOf(digest: FactDigest): 'outcome' | 'context' | 'scan' {
  if (digest.code !== undefined || (digest.milestone !== undefined && ends.has(digest.milestone)))
    return 'outcome';
  return digest.context === undefined ? 'scan' : 'context';
}

const byTime = (a: { at: number; id: string }, b: { at: number; id: string }): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The latest `limit`: a union of two such sets, cut again, is the cut of the union, whichever came first. */
function latest<T extends { at: number; id: string }>(items: T[], limit: number): T[] {
  return items.sort(byTime).slice(-limit);
}

function addDigest(
  view: ShipmentView,
  digest: FactDigest,
): Pick<ShipmentView, 'facts' | 'truncated'> | undefined {
  const known = view.facts.find((item) => item.id === digest.id);
  // The same fact received again differs only in when we recorded it: the first time counts.
  if (known !== undefined && known.recordedAt <= digest.recordedAt) return undefined;
  const group = groupOf(digest);
  const others = view.facts.filter((item) => item !== known);
  const inGroup = [...others.filter((item) => groupOf(item) === group), digest];
  const kept = latest(inGroup, shipmentLimits[group]);
  const truncated = view.truncated || kept.length < inGroup.length;
  if (!kept.includes(digest) && truncated === view.truncated) return undefined;
  return { facts: [...others.filter((item) => groupOf(item) !== group), ...kept].sort(byTime), truncated };
}

function addRetraction(view: ShipmentView, fact: Fact): Pick<ShipmentView, 'retractions'> | undefined {
  const eventId = fact.data.retracts?.eventId ?? '';
  if (view.retractions.some((item) => item.id === fact.id)) return undefined;
  const retraction = {
    id: fact.id,
    at: Date.parse(fact.data.time.eventTime),
    retracts: [eventId, factId(fact.source, eventId)],
  };
  return { retractions: latest([...view.retractions, retraction], shipmentLimits.retractions) };
}
