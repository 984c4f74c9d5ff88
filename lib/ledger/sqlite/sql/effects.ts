/** Effects: intended before they are sent, resolved after. */
import { FatalError } from '../../../model/errors';
import { bucketOf } from '../../../model/measures';
import type { EffectIntent, EffectResolution } from '../../effects';
import type { Lease } from '../../port';
import type { Database } from '../database';
import { checkFence } from './leases';
import { countFlow } from './measures';

/** As they cross the thread: JSON fields are text. */
export type IntentInput = Omit<EffectIntent, 'input'> & { input: string };
export type ResolutionInput = Omit<EffectResolution, 'input' | 'output' | 'error'> & {
  input?: string | undefined;
  output?: string | undefined;
  error?: string | undefined;
  /** The call itself failed, whatever the partner would have said. */
  failed?: boolean | undefined;
};

export interface EffectRow {
  seq: number;
  key: string;
  partition: number;
  state: string;
  run_id: string;
  root_run_id: string;
  case_id: string | null;
  partner: string;
  operation: string;
  safety: string;
  plan: string;
  step: string;
  pivot: number | null;
  target: string;
  input: string;
  correlation_id: string;
  at: number;
  sends: number;
  output: string | null;
  reference: string | null;
  error: string | null;
  adopted: number;
  updated_at: number;
  confirmed_at: number | null;
  decided_by: string | null;
}

/** Answers, for each intent, the record of before, or the sequence of what is new. */
export function intendEffects(db: Database, lease: Lease, intents: IntentInput[]): (EffectRow | number)[] {
  checkFence(db, lease);
  return intents.map((intent) => {
    const known = effect(db, intent.key);
    if (known) return known;
    const inserted = db.run(
      `INSERT INTO effects (key, partition, state, run_id, root_run_id, case_id, partner, operation, safety, plan, step, pivot,
         target, input, correlation_id, at, sends, adopted, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)`,
      intent.key,
      lease.partition,
      intent.state,
      intent.runId,
      intent.rootRunId,
      intent.caseId,
      intent.partner,
      intent.operation,
      intent.safety,
      intent.plan,
      intent.step,
      intent.pivot === undefined ? null : intent.pivot ? 1 : 0,
      intent.target,
      intent.input,
      intent.correlationId,
      intent.at,
      intent.at,
    );
    db.keys.add('effect', intent.key, inserted.rowId);
    return inserted.rowId;
  });
}

/** What a resolution leaves out stays as it was; an error is cleared by a resolution without one. */
export function resolveEffects(db: Database, lease: Lease, resolutions: ResolutionInput[]): void {
  checkFence(db, lease);
  for (const resolution of resolutions) {
    const seq = effectNumber(db, resolution.key);
    if (seq === undefined) throw unknownEffect(resolution.key);
    const updated = db.change<Resolved>(
      `UPDATE effects SET state = ?, sends = sends + ?, output = coalesce(?, output), reference = coalesce(?, reference),
         error = ?, adopted = max(adopted, ?), decided_by = coalesce(?, decided_by), updated_at = ?,
         confirmed_at = CASE WHEN ?1 = 'CONFIRMED' THEN coalesce(confirmed_at, ?8) ELSE confirmed_at END,
         input = coalesce(?, input)
       WHERE seq = ? RETURNING partner, safety, root_run_id, confirmed_at`,
      resolution.state,
      resolution.sent ? 1 : 0,
      resolution.output,
      resolution.reference,
      resolution.error,
      resolution.adopted ? 1 : 0,
      resolution.decidedBy,
      resolution.at,
      resolution.input,
      seq,
    );
    if (updated) countCall(db, updated, resolution);
  }
}

interface Resolved {
  partner: string;
  safety: string;
  root_run_id: string;
  confirmed_at: number | null;
}

/** A refusal by the partner's own rules is an answer, not a failed call. What is only read acknowledges nothing. */
function countCall(
  db: Database,
  effect: Resolved,
  { sent, error, failed, state, at }: ResolutionInput,
): void {
  if (sent) {
    countFlow(db, 'calls', at, effect.partner);
    if (error !== undefined && failed) countFlow(db, 'failedCalls', at, effect.partner);
  }
  if (state !== 'CONFIRMED' || effect.confirmed_at !== at || effect.safety === 'read') return;
  const run = db.get<{ created_at: number }>('SELECT created_at FROM runs WHERE id = ?', effect.root_run_id);
  if (run) countFlow(db, 'acknowledged', at, effect.partner, bucketOf(at - run.created_at));
}

function unknownEffect(key: string): FatalError {
  return new FatalError('EFFECT_UNKNOWN', `no effect ${key} was intended`, {
    hint: 'Record the intent of an effect before it is sent and resolved.',
    context: { key },
  });
}

/** Approval is for what awaits it; what became of an unanswered send is CONFIRMED or FAILED. */
export function decideEffect(db: Database, key: string, state: string, by: string, at: number): boolean {
  const seq = effectNumber(db, key);
  if (seq === undefined) return false;
  return (
    db.run(
      `UPDATE effects SET state = ?, decided_by = ?, updated_at = ?,
         confirmed_at = CASE WHEN ?1 = 'CONFIRMED' THEN ?3 ELSE confirmed_at END
       WHERE seq = ? AND state = CASE WHEN ?1 IN ('APPROVED', 'DECLINED') THEN 'AWAITING_APPROVAL' ELSE 'UNKNOWN' END`,
      state,
      by,
      at,
      seq,
    ).changes === 1
  );
}

export function effect(db: Database, key: string): EffectRow | undefined {
  return db.keys.find(db, 'effect', key, (seq) =>
    db.get<EffectRow>('SELECT * FROM effects WHERE seq = ? AND key = ?', seq, key),
  );
}

function effectNumber(db: Database, key: string): number | undefined {
  return db.keys.find(
    db,
    'effect',
    key,
    (seq) => db.get<{ seq: number }>('SELECT seq FROM effects WHERE seq = ? AND key = ?', seq, key)?.seq,
  );
}

export function effectsByCase(db: Database, caseId: string): EffectRow[] {
  return db.all<EffectRow>('SELECT * FROM effects WHERE case_id = ? ORDER BY seq', caseId);
}

export function effectsByRuns(db: Database, runIds: string[]): EffectRow[] {
  return db.all<EffectRow>(
    'SELECT * FROM effects WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY seq',
    JSON.stringify(runIds),
  );
}
