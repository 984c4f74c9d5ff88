/** Deadlines that a shipment misses by silence: what nobody reports has to be noticed by a clock. Pure; the time is passed in. */
import { detectOverdue, openDelayAt } from './detect';
import type { Milestone } from './fact';
import type { ShipmentView } from './shipment';
import type { ExceptionCode } from './taxonomy';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long silence is normal, in milliseconds; set by partner, because lanes differ. */
export interface Patience {
  /** After the promised or estimated delivery: scans arrive late. */
  deliveryGraceMs: number;
  /** Without a scan on the way: the 95th percentile of the lane's gaps between scans. */
  stalledAfterMs: number;
  /** After a planned pickup. */
  pickupGraceMs: number;
  /** From the label to the first scan, where no pickup was planned. */
  firstScanMs: number;
  /** From the delivery, or the planned receipt, of an announced shipment (ASN) to its receipt. */
  receiptGraceMs: number;
}

export const defaultPatience: Patience = {
  deliveryGraceMs: hour,
  stalledAfterMs: 48 * hour,
  pickupGraceMs: 2 * hour,
  firstScanMs: 72 * hour,
  receiptGraceMs: 48 * hour,
};

/** Unresolved identifiers wait this long for a link before they become a case. */
export const unresolvedAfterMs = 4 * hour;
/** A deadline that passed longer ago is history that was loaded late, and nothing that people can still act on. */
export const historyMs = 7 * day;

export const deadlineKinds = ['delivery', 'scan', 'pickup', 'receipt', 'identifier'] as const;
export type DeadlineKind = (typeof deadlineKinds)[number];

export interface Deadline {
  kind: DeadlineKind;
  code: ExceptionCode;
  /** When it counts as missed: the deadline and the grace behind it. */
  dueAt: number;
  /** The deadline itself: the onset of the exception. */
  onsetAt: number;
}

/** Deadlines that were missed at `now` and that no fact of the view states yet. */
export function missedDeadlines(view: ShipmentView, patience: Patience, now: number): Deadline[] {
  return deadlinesOf(view, patience).filter(({ dueAt }) => dueAt < now && dueAt >= now - historyMs);
}

/** When a shipment that has just changed is to be looked at: at once, where something is missed already. */
export function watchAtOf(view: ShipmentView, patience: Patience, now: number): number | undefined {
  const due = deadlinesOf(view, patience)
    .map(({ dueAt }) => dueAt)
    .filter((at) => at >= now - historyMs);
  return due.length === 0 ? undefined : Math.max(now, Math.min(...due) + 1);
}

/** When to look at the shipment next; undefined when nothing is waited for. */
export function nextDeadline(view: ShipmentView, patience: Patience, now: number): number | undefined {
  const ahead = deadlinesOf(view, patience).filter(({ dueAt }) => dueAt >= now);
  return ahead.length === 0 ? undefined : Math.min(...ahead.map(({ dueAt }) => dueAt)) + 1;
}

/** What is waited for, missed or not; what was stated already is left out. */
export function deadlinesOf(view: ShipmentView, patience: Patience): Deadline[] {
  return [
    deliveryOf(view, patience),
    scanOf(view, patience),
    pickupOf(view, patience),
    receiptOf(view, patience),
    identifierOf(view),
  ].filter((deadline) => deadline !== undefined);
}

/** The promise, or the estimate where there is none or where it is later: what the receiver was told last. */
function deliveryOf(view: ShipmentView, { deliveryGraceMs }: Patience): Deadline | undefined {
  const onsetAt = openDelayAt(view);
  const found = onsetAt === undefined ? undefined : detectOverdue(view, onsetAt + 1);
  if (found === undefined || onsetAt === undefined) return undefined;
  const stated = view.facts.some(
    ({ code, at }) => at === onsetAt && (code === 'TRANSIT_DELAYED' || code === 'FINAL_MILE_DELAYED'),
  );
  return stated
    ? undefined
    : { kind: 'delivery', code: found.code, onsetAt, dueAt: onsetAt + deliveryGraceMs };
}

const onTheWay: ReadonlySet<Milestone | undefined> = new Set<Milestone>([
  'PICKED_UP',
  'IN_TRANSIT',
  'DEPARTED',
  'ARRIVED',
  'CUSTOMS_CLEARANCE',
  'CUSTOMS_CLEARED',
  'OUT_FOR_DELIVERY',
  'DELIVERY_ATTEMPTED',
  'RETURNING',
]);
/** While one of these is open, no scan is expected: the cause is known. */
const explained: ReadonlySet<ExceptionCode> = new Set<ExceptionCode>([
  'CUSTOMS_HOLD',
  'CARRIER_HOLD',
  'COMPLIANCE_BLOCK',
  'LOST',
  'TRACKING_STALLED',
]);
const isExplained = ({ exceptions }: ShipmentView): boolean =>
  exceptions.some(({ code, state }) => state === 'open' && explained.has(code));

function scanOf(view: ShipmentView, { stalledAfterMs }: Patience): Deadline | undefined {
  const { milestone } = view;
  if (hasEnded(view) || !onTheWay.has(milestone) || isExplained(view)) return undefined;
  const scans = view.facts.filter(({ actual, milestone: seen, status }) => actual && (seen || status));
  const last = scans.at(-1)?.at;
  if (last === undefined) return undefined;
  const dueAt = last + stalledAfterMs;
  return unless(view, { kind: 'scan', code: 'TRACKING_STALLED', dueAt, onsetAt: dueAt });
}

const beforePickup: ReadonlySet<Milestone | undefined> = new Set<Milestone | undefined>([
  undefined,
  'ORDER_RELEASED',
  'BOOKED',
  'LABEL_CREATED',
  'PRE_TRANSIT',
  'PICKED',
  'PACKED',
]);
const labelled: ReadonlySet<Milestone | undefined> = new Set<Milestone>(['LABEL_CREATED', 'PRE_TRANSIT']);

function pickupOf(view: ShipmentView, patience: Patience): Deadline | undefined {
  const { milestone, milestoneAt } = view;
  if (hasEnded(view) || !beforePickup.has(milestone)) return undefined;
  const planned = latestForecast(view, 'PICKED_UP');
  if (planned !== undefined)
    return unless(view, {
      kind: 'pickup',
      code: 'PICKUP_MISSED',
      onsetAt: planned,
      dueAt: planned + patience.pickupGraceMs,
    });
  if (milestoneAt === undefined || !labelled.has(milestone)) return undefined;
  const dueAt = milestoneAt + patience.firstScanMs;
  return unless(view, { kind: 'pickup', code: 'PICKUP_MISSED', onsetAt: dueAt, dueAt });
}

/** Only of what was announced: other goods are received by nobody who reports. */
function receiptOf(view: ShipmentView, { receiptGraceMs }: Patience): Deadline | undefined {
  if ((view.identifiers.asnId ?? []).length === 0 || isReceived(view) || view.milestone === 'CANCELLED')
    return undefined;
  const onsetAt = view.deliveredAt ?? latestForecast(view, 'RECEIVED');
  if (onsetAt === undefined) return undefined;
  return unless(view, { kind: 'receipt', code: 'ASN_MISMATCH', onsetAt, dueAt: onsetAt + receiptGraceMs });
}

/** An event that could not be placed stands alone under its own id. */
function identifierOf(view: ShipmentView): Deadline | undefined {
  const [first] = view.facts;
  if (!view.key.startsWith('fact:') || first === undefined) return undefined;
  const dueAt = first.recordedAt + unresolvedAfterMs;
  return unless(view, { kind: 'identifier', code: 'IDENTIFIER_UNRESOLVED', onsetAt: dueAt, dueAt });
}

/** Undefined when a fact of the view states it already. */
function unless(view: ShipmentView, deadline: Deadline): Deadline | undefined {
  const stated = view.facts.some(({ code, at }) => code === deadline.code && at === deadline.onsetAt);
  return stated ? undefined : deadline;
}

function latestForecast(view: ShipmentView, milestone: Milestone): number | undefined {
  return view.facts
    .filter((item) => !item.actual && item.milestone === milestone)
    .sort((a, b) => a.assertedAt - b.assertedAt || (a.id < b.id ? -1 : 1))
    .at(-1)?.at;
}

function isReceived({ facts }: ShipmentView): boolean {
  return facts.some(
    ({ actual, milestone, code }) => (actual && milestone === 'RECEIVED') || code === 'ASN_MISMATCH',
  );
}

function hasEnded({ deliveredAt, returnedAt, milestone }: ShipmentView): boolean {
  return (
    deliveredAt !== undefined ||
    returnedAt !== undefined ||
    milestone === 'CANCELLED' ||
    milestone === 'RECEIVED'
  );
}
