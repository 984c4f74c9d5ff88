/** The run that a case starts, and why. Pure. */
import type { RunSeed } from '../../ledger/runs';
import type { CaseState } from '../../model/case';

/**
 * Why a run is about a case: it was opened, or opened again; `updated`: facts of an open case have changed; `healed`: its cause is gone
 * after it was acted on.
 */
export type CaseTrigger = 'detected' | 'reopened' | 'updated' | 'healed';

/** Its id follows from the case and its opening, so that a case is started once, whoever starts it. */
export function caseRun(
  state: CaseState,
  trigger: CaseTrigger,
  plan: { now: number; runId?: string },
): RunSeed {
  const id = `${state.id}.${state.reopenCount}${suffixOf(state, trigger)}`;
  return {
    id,
    kind: 'case',
    ref: state.id,
    caseId: state.id,
    orderKey: `case|${state.subject}`,
    partner: state.partner,
    correlationId: state.correlationId,
    rootRunId: id,
    dueAt: plan.now,
    input: { trigger, ...(trigger === 'updated' ? { plan: `u${state.version}` } : {}) },
    ...(plan.runId === undefined ? {} : { causationId: plan.runId }),
  };
}

function suffixOf({ version, planVersion }: CaseState, trigger: CaseTrigger): string {
  if (trigger === 'updated') return `.u${version}`;
  return trigger === 'healed' ? `.healed${planVersion}` : '';
}
