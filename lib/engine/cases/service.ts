/** Every change of a case: decided by the pure state machine, written by compare-and-set, refusals audited. */

import type { AuditSeed } from '../../ledger/operators';
import { type CaseCommand, type CaseRefusal, type CaseState, decideCase } from '../../model/case';
import { FatalError, RetryableError, VersionConflictError } from '../../model/errors';
import { identifierTokens, partitionOf } from '../../model/keys';
import type { EngineDeps } from '../deps';
import { commandOf, type EffectDecision, type OperatorAction } from './operator';
import type { Caller, CaseActionOutcome } from './outcome';

const maxRaces = 10;
const effectStateOf = {
  approve: 'APPROVED',
  decline: 'DECLINED',
  confirm: 'CONFIRMED',
  fail: 'FAILED',
} as const;

export type Applied = { ok: true; state: CaseState } | { ok: false; state: CaseState; refusal: CaseRefusal };

export class CaseService {
  /** Resumes what waits for a person's decision; set by the engine. */
  onDecision: (caseId: string, payload: unknown, by: string) => Promise<unknown> = async () => undefined;

  /** Resumes the action that waits for an effect's decision; set by the engine. */
  onEffectDecision: (key: string, decision: string, by: string) => Promise<unknown> = async () => undefined;

  constructor(private readonly deps: EngineDeps) {}

  async load(id: string): Promise<CaseState> {
    const state = await this.deps.ledger.case(id);
    if (!state) throw new FatalError('CASE_MISSING', `case ${id} is not in the ledger`);
    return state;
  }

  /** Applies commands in one commit; the automation's refusals are answered, not thrown. */
  async apply(
    id: string,
    commands: (state: CaseState) => CaseCommand[],
    audit?: (before: CaseState, after: CaseState) => AuditSeed,
  ): Promise<Applied> {
    for (let race = 0; race < maxRaces; race += 1) {
      const before = await this.load(id);
      const now = this.deps.now();
      const events = [];
      let state = before;
      for (const command of commands(before)) {
        const decision = decideCase(command, state, now);
        if (!decision.ok) return { ok: false, state: before, refusal: decision.refusal };
        events.push(...decision.events);
        state = decision.state;
      }
      if (events.length === 0) return { ok: true, state };
      try {
        await this.deps.ledger.record(partitionOf(before.subject, this.deps.ledger.partitions), {
          facts: [],
          shipments: [],
          runs: [],
          now,
          audit: audit ? [audit(before, state)] : [],
          cases: [
            {
              state,
              expectedVersion: before.version,
              events,
              factIds: [],
              tokens: identifierTokens(state.identifiers),
            },
          ],
        });
        return { ok: true, state };
      } catch (error) {
        if (!(error instanceof VersionConflictError)) throw error;
      }
    }
    throw new RetryableError('CASE_RACES', `case ${id} was changed by others ${maxRaces} times in a row`);
  }

  /** An operator's action, with what they saw: a stale version changes nothing, a refusal is audited. */
  async act(id: string, action: OperatorAction, caller: Caller): Promise<CaseActionOutcome> {
    const seen = await this.deps.ledger.case(id);
    if (!seen) return { kind: 'not-found' };
    if (seen.version !== action.expectedVersion)
      return { kind: 'stale', expectedVersion: action.expectedVersion, actualVersion: seen.version };
    if (action.action === 'decide' && action.effects)
      await this.decideEffects(seen, action, action.effects, caller);
    if (action.action === 'decide' && action.outcome === undefined && action.choice === undefined)
      return this.effectsDecided(seen, action, caller);
    const command = commandOf(action, caller, await this.consequences(id));
    let raced: number | undefined;
    const applied = await this.apply(
      id,
      (state) => {
        if (state.version !== action.expectedVersion) raced = state.version;
        return raced === undefined ? [command] : [];
      },
      (before, after) => this.auditOf(id, action, caller, { before, after }),
    );
    if (raced !== undefined)
      return { kind: 'stale', expectedVersion: action.expectedVersion, actualVersion: raced };
    if (!applied.ok) {
      await this.deps.ledger.appendAudit(partitionOf(seen.subject, this.deps.ledger.partitions), [
        this.auditOf(id, action, caller, { refusal: applied.refusal }),
      ]);
      const { code, message, hint } = applied.refusal;
      return { kind: 'refused', code, message, hint };
    }
    if (command.type !== 'decide' && seen.question !== undefined && applied.state.question === undefined)
      await this.onDecision(id, undefined, caller.actor);
    // The first of two persons has only proposed: the question stands.
    if (command.type === 'decide' && applied.state.question === undefined)
      await this.onDecision(
        id,
        { outcome: command.outcome, then: applied.state.plan?.then ?? command.then },
        caller.actor,
      );
    return { kind: 'done', case: applied.state };
  }

  /** Approved effects go on from where they were parked; what is said of an unknown one is what the next attempt takes as its answer. */
  private async decideEffects(
    state: CaseState,
    action: OperatorAction,
    decisions: EffectDecision[],
    caller: Caller,
  ): Promise<void> {
    const { ledger } = this.deps;
    for (const { key, decision } of decisions) {
      const before = await ledger.effect(key);
      const to = effectStateOf[decision];
      const decided = await ledger.decideEffect(key, to, caller.actor, this.deps.now());
      await ledger.appendAudit(partitionOf(state.subject, ledger.partitions), [
        {
          id: this.deps.newId(),
          at: this.deps.now(),
          actor: caller.actor,
          action: `effect.${decision}`,
          subject: `effect:${key}`,
          outcome: decided ? 'done' : 'refused',
          before: { caseId: state.id, state: before?.state ?? null },
          after: { state: decided ? to : (before?.state ?? null) },
          ...(action.reason === undefined ? {} : { reason: action.reason }),
        },
      ]);
      if (decided) await this.onEffectDecision(key, decision, caller.actor);
    }
  }

  private async effectsDecided(
    state: CaseState,
    action: OperatorAction,
    caller: Caller,
  ): Promise<CaseActionOutcome> {
    await this.deps.ledger.appendAudit(partitionOf(state.subject, this.deps.ledger.partitions), [
      this.auditOf(state.id, action, caller, { before: state, after: state }),
    ]);
    return { kind: 'done', case: state };
  }

  private async consequences(id: string): Promise<{ inFlight: number; uncompensated: number }> {
    const effects = await this.deps.ledger.effectsByCase(id);
    return {
      inFlight: effects.filter(
        ({ state, safety }) => safety !== 'read' && (state === 'INTENDED' || state === 'UNKNOWN'),
      ).length,
      uncompensated: effects.filter(
        ({ state, safety }) => safety !== 'read' && (state === 'ACCEPTED' || state === 'CONFIRMED'),
      ).length,
    };
  }

  private auditOf(
    id: string,
    action: OperatorAction,
    caller: Caller,
    what: { before?: CaseState; after?: CaseState; refusal?: CaseRefusal },
  ): AuditSeed {
    const summary = (state: CaseState | undefined) =>
      state && {
        ...{ state: state.state, version: state.version, assignee: state.assignee },
        ...(action.action === 'decide' && state.plan ? { choice: state.plan.outcome } : {}),
        ...(state.question?.proposal ? { proposed: state.question.proposal.choice } : {}),
      };
    return {
      id: this.deps.newId(),
      at: this.deps.now(),
      actor: caller.actor,
      action: `case.${action.action}`,
      subject: `case:${id}`,
      outcome: what.refusal ? 'refused' : 'done',
      before: summary(what.before),
      after: what.refusal ?? summary(what.after),
      ...(action.reason === undefined ? {} : { reason: action.reason }),
    };
  }

  /** A run of the case ended as a dead letter: a person takes it from here. */
  async runDied(id: string, message: string): Promise<void> {
    const by = { by: 'system', role: 'system' as const, reason: message };
    const failed = await this.apply(id, () => [
      { type: 'stepFailed', ...by, step: 'run', message, exhausted: true },
    ]);
    if (!failed.ok) await this.apply(id, () => [{ type: 'takeOver', ...by }]);
  }
}
