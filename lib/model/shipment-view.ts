/** The shapes of a shipment view: plain JSON, times in epoch milliseconds. */
import type { FactContext, Identifiers, Milestone } from './fact';
import type { ExceptionCode } from './taxonomy';

/** What the view remembers of one fact. Times in epoch milliseconds. */
export interface FactDigest {
  id: string;
  /** Event time. */
  at: number;
  /** When the source said so: the event time of what happened, the record time of a forecast. */
  assertedAt: number;
  recordedAt: number;
  actual: boolean;
  milestone?: Milestone;
  code?: ExceptionCode;
  /** Estimated delivery that the fact states. */
  eta?: number;
  context?: Omit<FactContext, 'etaAt'>;
  /** The vendor's own status, cut to 120 characters, and the place as words. */
  status?: string;
  place?: string;
}

export interface Retraction {
  /** Fact that retracts. */
  id: string;
  at: number;
  /** Ids of the retracted fact: as stated, and as a fact id when the source named its own key. */
  retracts: string[];
}

export interface ShipmentException {
  code: ExceptionCode;
  state: 'open' | 'healed';
  firstAt: number;
  lastAt: number;
  /** Fact of the latest occurrence. */
  factId: string;
  healedAt?: number;
  healedBy?: string;
}

export interface ShipmentEvent {
  factId: string;
  at: number;
  milestone?: Milestone;
  code?: ExceptionCode;
  status?: string;
  place?: string;
}

/** Plain JSON; times in epoch milliseconds. */
export interface ShipmentView {
  key: string;
  /** Oldest first, retracted ones included. */
  facts: FactDigest[];
  retractions: Retraction[];
  truncated: boolean;
  identifiers: Identifiers;
  /** Merged: of each field what was asserted last. */
  context: Omit<FactContext, 'etaAt'>;
  /** How far the shipment has really come; never a forecast. */
  milestone?: Milestone;
  milestoneAt?: number;
  lastEvent?: ShipmentEvent;
  /** The latest forecast of the delivery. */
  eta?: { at: number; assertedAt: number; factId: string };
  promisedDeliveryAt?: number;
  promisedBy?: string;
  /** First real delivery. */
  deliveredAt?: number;
  returnedAt?: number;
  /** Sorted by code. */
  exceptions: ShipmentException[];
}
