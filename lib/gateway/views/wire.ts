/** From storage to the wire: epoch milliseconds become RFC 3339, facts become CloudEvents. */
import type { StoredFact } from '../../ledger/cases';
import type { EffectRecord } from '../../ledger/effects';
import type { DeadLetter, ParkedMessage, RunRecord } from '../../ledger/runs';
import type { CaseState } from '../../model/case';
import { toWire } from '../../model/wire';

/** What came from outside or belongs to a flow is shown as it is: an `at` in there is not ours. */
const opaque = new Set([
  'input',
  'inputs',
  'output',
  'message',
  'before',
  'after',
  'edit',
  'detail',
  'payload',
  'then',
  'selection',
  'data',
  'plan',
  'settings',
]);
const isInstant = (name: string): boolean => name === 'at' || name.endsWith('At') || name.endsWith('Until');
/** Range of an ECMAScript date. */
const maxEpoch = 8.64e15;

export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** The same value with every `at`, `…At` and `…Until` that holds epoch milliseconds as RFC 3339 text; the ledger names its times so. */
export function withInstants(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withInstants);
  if (value === null || typeof value !== 'object') return value;
  const out: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (opaque.has(name)) out[name] = item;
    else if (isInstant(name) && typeof item === 'number' && Math.abs(item) <= maxEpoch)
      out[name] = toInstant(item);
    else out[name] = withInstants(item);
  }
  return out;
}

/** One fact as a CloudEvent in structured mode, with the ledger's own knowledge of it beside. */
export function wireFact(stored: StoredFact): Record<string, unknown> {
  const { fact } = stored;
  return {
    event: toWire(fact),
    partner: stored.partner,
    ...(stored.rawId === undefined ? {} : { rawId: stored.rawId }),
    ...(stored.runId === undefined ? {} : { runId: stored.runId }),
  };
}

/** The plan's own time is ours; what the plan says (`then`) stays as it is. */
export function wireCase(state: CaseState): unknown {
  const shown = withInstants(state) as Record<string, unknown>;
  return state.plan === undefined ? shown : { ...shown, plan: withInstants(state.plan) };
}

export function wireRun(run: RunRecord): unknown {
  const { input: _input, ...shown } = run;
  return withInstants(shown);
}

export function wireEffect(effect: EffectRecord): unknown {
  return withInstants(effect);
}

/** The message itself stays in the ledger: it may hold anything. */
export function wireParked(parked: ParkedMessage): unknown {
  const { message: _message, ...shown } = parked;
  return withInstants(shown);
}

export function wireDeadLetter(letter: DeadLetter): unknown {
  const { message, ...shown } = letter;
  return { ...(withInstants(shown) as object), ...(message === undefined ? {} : { message }) };
}

/** Without the message: lists stay small. */
export function wireDeadLetterItem(letter: DeadLetter): unknown {
  const { message: _message, ...shown } = letter;
  return withInstants(shown);
}
