/** Which exceptions a fact opens, given the shipment as it stands with that fact folded in. Pure; deadlines are asked with the time passed in. */
import type { Fact, Milestone } from './fact';
import { delayCodes, milestoneHeals } from './healing';
import type { ShipmentView } from './shipment';
import { etaOf } from './shipment';
import type { ExceptionCode } from './taxonomy';

export { healingMilestones, heals } from './healing';

export interface Detection {
  code: ExceptionCode;
  /** Earliest qualifying event time, or the deadline that was missed; epoch milliseconds. */
  onsetAt: number;
}

const lastMile = new Set<Milestone>(['OUT_FOR_DELIVERY', 'DELIVERY_ATTEMPTED', 'AVAILABLE_FOR_PICKUP']);

/**
 * Exceptions that the fact opens: the one it states, and a delay when it moves the estimate past the promise, or the promise before
 * the estimate. Nothing is opened by a fact that was retracted, or that the view knows to be healed: an older fact that arrives after the delivery.
 * @param view the shipment with the fact folded in
 */
export function detect(fact: Fact, view: ShipmentView): Detection[] {
  if (fact.data.retracts !== undefined || isRetracted(fact.id, view)) return [];
  const found: Detection[] = [];
  const stated = fact.data.exception?.code;
  if (stated !== undefined && isOpenIn(view, stated))
    found.push({ code: stated, onsetAt: Date.parse(fact.data.time.eventTime) });
  const delay = stated !== undefined && delayCodes.has(stated) ? undefined : lateEstimate(fact, view);
  return delay ? [...found, delay] : found;
}

/**
 * The delay of a shipment whose promised date has passed without a delivery: what a timer asks. An estimate counts where nothing was
 * promised, and where it is later than the promise: that delay was detected when the estimate came, and this is the next one.
 * @param now epoch milliseconds
 */
export function detectOverdue(view: ShipmentView, now: number): Detection | undefined {
  const deadline = openDelayAt(view);
  return deadline === undefined || now <= deadline
    ? undefined
    : { code: delayCodeOf(view), onsetAt: deadline };
}

/** By when the shipment is to be delivered, epoch milliseconds; undefined when nobody said so or when it has ended. */
export function openDelayAt(view: ShipmentView): number | undefined {
  const told = [view.promisedDeliveryAt, view.eta?.at].filter((at) => at !== undefined);
  return told.length === 0 || hasEnded(view) ? undefined : Math.max(...told);
}

function lateEstimate(fact: Fact, view: ShipmentView): Detection | undefined {
  const { eta, promisedDeliveryAt } = view;
  if (eta === undefined || promisedDeliveryAt === undefined || eta.at <= promisedDeliveryAt || hasEnded(view))
    return undefined;
  const movedEstimate = eta.factId === fact.id && etaOf(fact) === eta.at;
  if (!movedEstimate && view.promisedBy !== fact.id) return undefined;
  return { code: delayCodeOf(view), onsetAt: Math.min(eta.assertedAt, promisedDeliveryAt) };
}

/** On the last mile once it was out for delivery, whatever came after short of the end. */
function delayCodeOf(view: ShipmentView): ExceptionCode {
  return view.milestone !== undefined && lastMile.has(view.milestone)
    ? 'FINAL_MILE_DELAYED'
    : 'TRANSIT_DELAYED';
}

function hasEnded(view: ShipmentView): boolean {
  return view.deliveredAt !== undefined || view.returnedAt !== undefined || view.milestone === 'CANCELLED';
}

function isRetracted(id: string, view: ShipmentView): boolean {
  return view.retractions.some((item) => item.retracts.includes(id));
}

/** A fact too old for a crowded view is judged by itself: what the delivery did not heal is open. */
function isOpenIn(view: ShipmentView, code: ExceptionCode): boolean {
  const known = view.exceptions.find((item) => item.code === code);
  if (known) return known.state === 'open';
  return view.truncated && !(view.deliveredAt !== undefined && milestoneHeals(code, 'DELIVERED'));
}
