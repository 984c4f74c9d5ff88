/** What follows from the facts a shipment view keeps. A function of the kept set alone. */
import type { FactContext, Milestone } from './fact';
import { milestones } from './fact';
import { delayCodes, milestoneHeals, mootOnceDelivered } from './healing';
import type { FactDigest, ShipmentEvent, ShipmentException, ShipmentView } from './shipment-view';
import type { ExceptionCode } from './taxonomy';

type Derived =
  | 'context'
  | 'milestone'
  | 'milestoneAt'
  | 'lastEvent'
  | 'eta'
  | 'promisedDeliveryAt'
  | 'promisedBy'
  | 'deliveredAt'
  | 'returnedAt'
  | 'exceptions';

/** The view with every derived field computed afresh. */
export function deriveShipment(kept: Omit<ShipmentView, Derived>): ShipmentView {
  const retracted = new Set(kept.retractions.flatMap((item) => item.retracts));
  const valid = kept.facts.filter((item) => !retracted.has(item.id));
  const actual = valid.filter((item) => item.actual).sort(byProgress);
  const asserted = [...valid].sort(
    (a, b) => a.assertedAt - b.assertedAt || Number(a.actual) - Number(b.actual) || order(a.id, b.id),
  );
  const promise = asserted.findLast((item) => item.context?.promisedDeliveryAt !== undefined);
  const promisedAt = promise?.context?.promisedDeliveryAt;
  const estimate = asserted.findLast((item) => item.eta !== undefined);
  const eta =
    estimate?.eta === undefined
      ? undefined
      : { at: estimate.eta, assertedAt: estimate.assertedAt, factId: estimate.id };
  const last = actual.at(-1);
  const { key, facts, retractions, truncated, identifiers } = kept;
  const times: Times = {
    ...currentMilestone(actual),
    ...(eta && { eta }),
    ...(promise &&
      promisedAt !== undefined && { promisedDeliveryAt: Date.parse(promisedAt), promisedBy: promise.id }),
    ...firstOf('deliveredAt', actual, 'DELIVERED'),
    ...firstOf('returnedAt', actual, 'RETURNED'),
  };
  return {
    key,
    facts,
    retractions,
    truncated,
    identifiers,
    context: mergeContext(asserted),
    ...times,
    ...(last && { lastEvent: eventOf(last) }),
    exceptions: exceptionsOf(valid, actual, times),
  };
}

type Times = Pick<
  ShipmentView,
  'milestone' | 'milestoneAt' | 'eta' | 'promisedDeliveryAt' | 'promisedBy' | 'deliveredAt' | 'returnedAt'
>;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const progress = new Map<Milestone, number>(milestones.map((milestone, index) => [milestone, index]));
const progressOf = (item: FactDigest): number =>
  item.milestone === undefined ? -1 : (progress.get(item.milestone) ?? -1);

/** By event time; what happened in the same instant in the order in which a shipment comes forward. */
function byProgress(a: FactDigest, b: FactDigest): number {
  return a.at - b.at || progressOf(a) - progressOf(b) || order(a.id, b.id);
}

/** After one of these only the way back is news; carriers go on sending scans of the last kilometre. */
const finals = new Set<Milestone>(['DELIVERED', 'RETURNED', 'RECEIVED']);
const wayBack = new Set<Milestone>([...finals, 'RETURNING']);

function currentMilestone(actual: FactDigest[]): Pick<ShipmentView, 'milestone' | 'milestoneAt'> {
  let current: { milestone: Milestone; milestoneAt: number } | undefined;
  for (const { milestone, at } of actual) {
    if (milestone === undefined) continue;
    if (current && finals.has(current.milestone) && !wayBack.has(milestone)) continue;
    current = { milestone, milestoneAt: at };
  }
  return current ?? {};
}

function firstOf<K extends 'deliveredAt' | 'returnedAt'>(
  name: K,
  actual: FactDigest[],
  milestone: Milestone,
): { [P in K]?: number } {
  const found = actual.find((item) => item.milestone === milestone);
  return found ? ({ [name]: found.at } as { [P in K]: number }) : {};
}

function mergeContext(asserted: FactDigest[]): Omit<FactContext, 'etaAt'> {
  const merged: Record<string, unknown> = Object.assign({}, ...asserted.map((item) => item.context));
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => order(a, b)));
}

function eventOf({ id, at, milestone, code, status, place }: FactDigest): ShipmentEvent {
  return {
    factId: id,
    at,
    ...(milestone && { milestone }),
    ...(code && { code }),
    ...(status !== undefined && { status }),
    ...(place !== undefined && { place }),
  };
}

function exceptionsOf(valid: FactDigest[], actual: FactDigest[], times: Times): ShipmentException[] {
  const groups = Map.groupBy(
    valid.filter((item) => item.code !== undefined),
    (item) => item.code as ExceptionCode,
  );
  return [...groups]
    .sort(([a], [b]) => order(a, b))
    .map(([code, occurrences]) => {
      const sorted = [...occurrences].sort(byProgress);
      const first = sorted[0] as FactDigest;
      const last = sorted.at(-1) as FactDigest;
      const healing = healingOf(code, last, actual, times);
      return {
        code,
        state: healing ? 'healed' : 'open',
        firstAt: first.at,
        lastAt: last.at,
        factId: last.id,
        ...healing,
      };
    });
}

function healingOf(
  code: ExceptionCode,
  last: FactDigest,
  actual: FactDigest[],
  times: Times,
): Pick<ShipmentException, 'healedAt' | 'healedBy'> | undefined {
  const later = actual.find(
    (item) =>
      item.milestone !== undefined &&
      milestoneHeals(code, item.milestone) &&
      item.at >= last.at &&
      item.id !== last.id,
  );
  if (later) return { healedAt: later.at, healedBy: later.id };
  const delivery = mootOnceDelivered.has(code)
    ? actual.find((item) => item.milestone === 'DELIVERED')
    : undefined;
  if (delivery) return { healedAt: delivery.at, healedBy: delivery.id };
  const { eta, promisedDeliveryAt } = times;
  const backInTime =
    delayCodes.has(code) &&
    eta !== undefined &&
    promisedDeliveryAt !== undefined &&
    eta.at <= promisedDeliveryAt &&
    eta.assertedAt > last.assertedAt;
  return backInTime ? { healedAt: eta.assertedAt, healedBy: eta.factId } : undefined;
}
