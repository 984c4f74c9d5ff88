/**
 * Bringing something to an intended state in a system that may answer 2xx and have done nothing: what already shows the state is adopted,
 * what is no longer what the decision was made on is refused, the change is conditional where the system can, and afterwards it is read again.
 */
import { FatalError, RetryableError } from '../../model/errors';
import type { LookUpResult, OperationResult } from './connector';
import { quietly } from './outbound';

export type Refusal = Exclude<OperationResult<never>, { outcome: 'ok' }>;
export type Read<S> = { ok: true; state: S } | { ok: false; refusal: Refusal };

export interface Change<S, O> {
  read(): Promise<Read<S>>;
  /** True when the state shows what was intended. */
  intended(state: S): boolean;
  /** A reason not to change this state: it is no longer what the decision was made on. */
  refuse?(state: S): string | undefined;
  /** Sends the change; `conflict` when the system says that the state is not the one that was read. Undefined when it was accepted. */
  write(state: S): Promise<Refusal | 'conflict' | undefined>;
  /** `before` is the state that was read ahead of the change, `after` the newest one known. */
  output(before: S, after: S): O;
  reference?: string;
}

const rounds = 3;

export async function bringAbout<S, O>(change: Change<S, O>): Promise<OperationResult<O>> {
  const reference = change.reference === undefined ? {} : { reference: change.reference };
  const ok = (before: S, after: S, confirmed: boolean): OperationResult<O> => ({
    outcome: 'ok',
    output: change.output(before, after),
    confirmed,
    ...reference,
  });
  for (let round = 1; round <= rounds; round += 1) {
    const read = await change.read();
    if (!read.ok) return read.refusal;
    const { state } = read;
    if (change.intended(state)) return ok(state, state, true);
    const reason = change.refuse?.(state);
    if (reason !== undefined) return stateChanged(reason);
    const refused = await change.write(state);
    if (refused === 'conflict') continue;
    if (refused !== undefined) return refused;
    const after = await quietly(() => change.read());
    return after?.ok ? ok(state, after.state, change.intended(after.state)) : ok(state, state, false);
  }
  return { outcome: 'retryable', message: 'the document kept changing while it was being changed' };
}

/**
 * Several changes, one after the other. What a refusal finds done already goes back: half of it was not decided. Tried again, it goes on where it
 * stopped, so only what nobody will try again is taken back here.
 */
export async function allOrNone<W, O>(
  wanted: readonly W[],
  change: (one: W) => Promise<OperationResult<O>>,
  back: (one: W) => Promise<unknown>,
): Promise<OperationResult<O[]>> {
  const done: O[] = [];
  let confirmed = true;
  for (const [index, one] of wanted.entries()) {
    const result = await change(one);
    if (result.outcome === 'ok') {
      done.push(result.output);
      confirmed &&= result.confirmed;
      continue;
    }
    if (result.outcome === 'business' || result.outcome === 'fatal')
      for (const earlier of wanted.slice(0, index).reverse()) await back(earlier);
    return result;
  }
  return { outcome: 'ok', output: done, confirmed };
}

/** Found when every one of them is. */
export async function allFound<W, O>(
  wanted: readonly W[],
  lookUp: (one: W) => Promise<LookUpResult<O>>,
): Promise<LookUpResult<O[]>> {
  const found: O[] = [];
  for (const one of wanted) {
    const result = await lookUp(one);
    if (!result.found) return { found: false };
    found.push(result.output);
  }
  return { found: true, output: found, confirmed: true };
}

/** Finds out whether an unanswered change arrived: the state either shows it or it does not. */
export async function lookUpState<S, O>(change: Change<S, O>): Promise<LookUpResult<O>> {
  const read = await change.read();
  if (!read.ok) return notFoundOrThrow(read.refusal);
  if (!change.intended(read.state)) return { found: false };
  return {
    found: true,
    output: change.output(read.state, read.state),
    confirmed: true,
    ...(change.reference === undefined ? {} : { reference: change.reference }),
  };
}

/** The document is no longer what the decision was made on: decide again. */
export function stateChanged(message: string) {
  return { outcome: 'fatal', message, vendorCode: 'STATE_CHANGED' } as const;
}

/** The first half of a change in two steps did not show: going on would leave too much or too little. */
export function halfDone(message: string) {
  return { outcome: 'retryable', message } as const;
}

/** A look-up that could not look must not say `not found`: that would send again. */
export function notFoundOrThrow(refusal: Refusal): { found: false } {
  if (refusal.outcome === 'business' && refusal.code === 'IDENTIFIER_UNRESOLVED') return { found: false };
  throw refusal.outcome === 'fatal' || refusal.outcome === 'business'
    ? new FatalError('LOOK_UP_REFUSED', refusal.message, {
        hint: 'Correct the partner settings, then replay.',
      })
    : new RetryableError('LOOK_UP_FAILED', refusal.message, {
        hint: 'The look-up is tried again by itself.',
      });
}

/** A mark at the end or head of a text of ours, by which it is found again where the system keeps no key of ours. */
export function markOf(idempotencyKey: string): string {
  return `RR-${idempotencyKey.slice(0, 12)}`;
}
