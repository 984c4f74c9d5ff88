/** The life of an effect (an outward action) as data, and what an attempt does that meets its record. */

export const effectStates = [
  'INTENDED',
  'ACCEPTED',
  'CONFIRMED',
  'REJECTED',
  'UNKNOWN',
  'FAILED',
  'OBSERVED',
  'AWAITING_APPROVAL',
  'APPROVED',
  'DECLINED',
  'COMPENSATED',
] as const;
/**
 * `INTENDED`: recorded, sent or about to be. `ACCEPTED`: the partner took it (2xx), which is not yet `CONFIRMED`: the owning system shows it.
 * `REJECTED`: refused for a business reason. `UNKNOWN`: nobody answered. `FAILED`: surely not done. `OBSERVED`: would have been sent.
 * `AWAITING_APPROVAL`, `APPROVED`, `DECLINED`: a person decides. `COMPENSATED`: taken back.
 */
export type EffectState = (typeof effectStates)[number];

export const effectOutcomes = [
  'sending',
  'accepted',
  'confirmed',
  'business',
  'retryable',
  'fatal',
  'unknown',
  'not-found',
  'approved',
  'declined',
  'compensated',
] as const;
/**
 * What is learned about an effect: that a request is about to go out (`sending`), an answer of the partner, a look-up or read-back
 * (`not-found`: nothing was done), a person's decision, or that it was taken back. `retryable` and `fatal`: surely not done.
 */
export type EffectOutcome = (typeof effectOutcomes)[number];

/**
 * Where each outcome leads; what is not listed is refused. A request goes out from INTENDED or UNKNOWN only: were it sent from
 * FAILED or APPROVED, a crash on the way would leave a record that says it was never sent.
 */
export const effectTransitions: Record<EffectState, Partial<Record<EffectOutcome, EffectState>>> = {
  INTENDED: {
    sending: 'INTENDED',
    accepted: 'ACCEPTED',
    confirmed: 'CONFIRMED',
    business: 'REJECTED',
    retryable: 'FAILED',
    fatal: 'FAILED',
    unknown: 'UNKNOWN',
    'not-found': 'INTENDED',
  },
  UNKNOWN: {
    sending: 'UNKNOWN',
    accepted: 'ACCEPTED',
    confirmed: 'CONFIRMED',
    business: 'REJECTED',
    retryable: 'UNKNOWN',
    fatal: 'FAILED',
    unknown: 'UNKNOWN',
    'not-found': 'INTENDED',
  },
  FAILED: { sending: 'INTENDED' },
  AWAITING_APPROVAL: { approved: 'APPROVED', declined: 'DECLINED' },
  APPROVED: { sending: 'INTENDED', declined: 'DECLINED' },
  ACCEPTED: {
    accepted: 'ACCEPTED',
    confirmed: 'CONFIRMED',
    'not-found': 'FAILED',
    compensated: 'COMPENSATED',
  },
  CONFIRMED: { confirmed: 'CONFIRMED', compensated: 'COMPENSATED' },
  REJECTED: {},
  OBSERVED: {},
  DECLINED: {},
  COMPENSATED: {},
};

/** The state after an outcome; undefined when the outcome cannot follow and must be refused. */
export function nextEffectState(state: EffectState, outcome: EffectOutcome): EffectState | undefined {
  return effectTransitions[state][outcome];
}

/** What a second send would do; see the connector contract. */
export type Safety = 'read' | 'keyed' | 'reconcilable' | 'irreversible';

export type EffectMove =
  /** Surely not sent before: make it INTENDED, send. */
  | 'send'
  /** Sent before; another send does no harm. Make it INTENDED unless it is INTENDED or UNKNOWN, send. */
  | 'resend'
  /** Ask the partner what exists before anything is sent. */
  | 'look-up'
  /** It is decided: give the recorded answer. */
  | 'recorded'
  | 'ask-person'
  | 'wait-approval';

const settledMoves: Record<Exclude<EffectState, 'INTENDED' | 'UNKNOWN'>, EffectMove> = {
  FAILED: 'resend',
  APPROVED: 'send',
  AWAITING_APPROVAL: 'wait-approval',
  ACCEPTED: 'recorded',
  CONFIRMED: 'recorded',
  REJECTED: 'recorded',
  OBSERVED: 'recorded',
  DECLINED: 'recorded',
  COMPENSATED: 'recorded',
};

/**
 * What to do now with the record found before this attempt wrote its own; undefined when there was none. A record left INTENDED is
 * of an attempt that broke off: its request may have gone out, so it counts as unanswered, just as UNKNOWN does.
 */
export function nextMove(record: { state: EffectState } | undefined, safety: Safety): EffectMove {
  if (record === undefined) return 'send';
  return record.state === 'INTENDED' || record.state === 'UNKNOWN'
    ? unanswered(safety)
    : settledMoves[record.state];
}

function unanswered(safety: Safety): EffectMove {
  if (safety === 'read' || safety === 'keyed') return 'resend';
  return safety === 'reconcilable' ? 'look-up' : 'ask-person';
}
