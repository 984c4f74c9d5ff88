/** How an attempt ends: done, tried again, or a dead letter. Pure. */
import { createHash } from 'node:crypto';
import type { DeadLetterSeed, RunFailure, Settlement } from '../../ledger/runs';
import type { EngineLimits } from '../limits';
import type { ActiveRun, AttemptFailure } from './active-run';

export interface SettlementContext {
  now: number;
  limits: EngineLimits;
  random: () => number;
  newId: () => string;
}

/** Delay before attempt n+1: exponential, capped, the upper half of it by chance, so that failures do not march in step. */
export function retryDelay(attempt: number, limits: EngineLimits, random: number): number {
  const full = Math.min(limits.retryCeilingMs, limits.retryBaseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

export function settlementOf(run: ActiveRun, context: SettlementContext): Settlement {
  const common = {
    runId: run.id,
    at: context.now,
    trace: run.trace,
    ...(run.flowVersion === undefined ? {} : { flowVersion: run.flowVersion }),
  };
  const { failure } = run;
  if (!failure)
    return {
      ...common,
      outcome: 'done',
      ...(run.deadLetters.length > 0 ? { deadLetters: run.deadLetters } : {}),
    };
  const error = plainFailure(failure);
  const fate = failure.error?.fate ?? 'retry';
  if (fate === 'acknowledge')
    return {
      ...common,
      outcome: 'done',
      ...(run.deadLetters.length > 0 ? { deadLetters: run.deadLetters } : {}),
    };
  if (fate === 'park') {
    return {
      ...common,
      outcome: 'retry',
      spent: false,
      error,
      dueAt: context.now + (failure.error?.retryAfterMs ?? context.limits.retryBaseMs),
    };
  }
  const { attempt } = run.record;
  if (fate === 'retry' && attempt < context.limits.maxAttempts) {
    const delay = Math.max(
      retryDelay(attempt, context.limits, context.random()),
      failure.error?.retryAfterMs ?? 0,
    );
    return { ...common, outcome: 'retry', spent: true, error, dueAt: context.now + delay };
  }
  return {
    ...common,
    outcome: 'dead',
    error,
    deadLetters: [...run.deadLetters, deadLetterOf(run, failure, context)],
  };
}

function plainFailure({ error: _error, snapshot: _snapshot, ...failure }: AttemptFailure): RunFailure {
  return failure;
}

/** A dead letter names node, flow version, attempt and message. */
export function deadLetterOf(
  run: ActiveRun,
  failure: AttemptFailure,
  context: Pick<SettlementContext, 'now' | 'newId'>,
): DeadLetterSeed {
  const { record } = run;
  const operation = failure.error?.context.operation;
  const failedPartner = failure.error?.context.partner;
  const partner = typeof failedPartner === 'string' ? failedPartner : record.partner;
  return {
    id: context.newId(),
    kind: record.kind === 'raw' && failure.code.startsWith('PAYLOAD_') ? 'raw' : 'run',
    ref: record.kind === 'raw' ? record.ref : record.id,
    runId: record.id,
    ...(partner === undefined ? {} : { partner }),
    ...(typeof operation === 'string' ? { operation } : {}),
    reason: plainFailure(failure),
    fingerprint: fingerprintOf(
      partner,
      typeof operation === 'string' ? operation : failure.nodeType,
      failure,
      run.flowVersion,
    ),
    ...(run.flowVersion === undefined ? {} : { flowVersion: run.flowVersion }),
    attempt: record.attempt,
    ...(failure.snapshot === undefined ? {} : { message: failure.snapshot }),
    at: context.now,
  };
}

/** Alike failures share it: numbers, ids and quoted values are taken out of the reason. */
export function fingerprintOf(
  partner: string | undefined,
  operation: string | undefined,
  failure: RunFailure,
  flowVersion: string | undefined,
): string {
  const reason = failure.message.replace(
    /"[^"]*"|'[^']*'|[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z0-9]*\d[A-Z0-9]*/gi,
    '*',
  );
  const text = [partner ?? '', operation ?? '', failure.code, reason, flowVersion ?? ''].join('|');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
