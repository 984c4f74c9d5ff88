/** Which later events show that an exception is over by itself. Data, because operators ask for exactly this table. */
import type { Fact, Milestone } from './fact';
import type { ExceptionCode } from './taxonomy';

const moving: readonly Milestone[] = [
  'PICKED_UP',
  'IN_TRANSIT',
  'DEPARTED',
  'ARRIVED',
  'OUT_FOR_DELIVERY',
  'AVAILABLE_FOR_PICKUP',
  'DELIVERED',
];
const leftTheSite: readonly Milestone[] = [
  'DEPARTED',
  'OUT_FOR_DELIVERY',
  'AVAILABLE_FOR_PICKUP',
  'DELIVERED',
];

/**
 * Milestones that heal a code when they really happened after it. What is not listed never heals by itself: goods stay short,
 * damaged or disputed after they are delivered, and a compliance block is lifted by a person.
 */
export const healingMilestones: Partial<Record<ExceptionCode, readonly Milestone[]>> = {
  LABEL_GENERATION_FAILED: ['LABEL_CREATED', ...moving],
  CARRIER_REJECTED: ['BOOKED', ...moving],
  SHIPMENT_CANCELLED: ['BOOKED', ...moving],
  PICKUP_MISSED: moving,
  ADDRESS_INVALID: ['DELIVERED'],
  CUSTOMS_HOLD: ['CUSTOMS_CLEARED', 'OUT_FOR_DELIVERY', 'DELIVERED'],
  CARRIER_HOLD: leftTheSite,
  TRANSIT_DELAYED: ['DELIVERED'],
  FINAL_MILE_DELAYED: ['DELIVERED'],
  TRACKING_STALLED: moving,
  DELIVERY_ATTEMPT_FAILED: ['DELIVERED'],
  MISROUTED: ['OUT_FOR_DELIVERY', 'DELIVERED'],
  LOST: moving,
  REFUSED: ['DELIVERED'],
  UNDELIVERABLE: ['DELIVERED'],
};

/** Means nothing once the goods are delivered, whatever time the late message bears. */
export const mootOnceDelivered: ReadonlySet<ExceptionCode> = new Set<ExceptionCode>([
  'PICKUP_MISSED',
  'TRANSIT_DELAYED',
  'FINAL_MILE_DELAYED',
  'TRACKING_STALLED',
]);

/** Codes that a new estimate within the promised date heals too. */
export const delayCodes: ReadonlySet<ExceptionCode> = new Set<ExceptionCode>([
  'TRANSIT_DELAYED',
  'FINAL_MILE_DELAYED',
]);

export function milestoneHeals(code: ExceptionCode, milestone: Milestone): boolean {
  return healingMilestones[code]?.includes(milestone) ?? false;
}

/** True when the fact, taken by itself, is of a kind that ends the exception; only what really happened does. */
export function heals(code: ExceptionCode, fact: Fact): boolean {
  const { milestone, time, retracts } = fact.data;
  return (
    milestone !== undefined &&
    retracts === undefined &&
    time.timeClassifier === 'ACTUAL' &&
    milestoneHeals(code, milestone)
  );
}
