/** Takes back what a plan has done, newest first, until the pivot was passed. */
import type { EffectRecord } from '../../ledger/effects';
import { RetryableError } from '../../model/errors';
import type { FactDraft } from '../../model/fact';
import type { Compensated, FlowMessage, NodeRef } from '../api';
import type { CaseService } from '../cases/service';
import type { EngineDeps } from '../deps';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun } from '../runs/active-run';
import type { Effects } from './perform';
import { effectsOfPlan } from './prepare';

/** Records facts of our own about the shipment of a run's case. */
export type RecordOwn = (run: ActiveRun, drafts: FactDraft[]) => Promise<unknown>;

/** A failed compensation, as domain.md wants it: the highest severity, whatever the case's own is. */
const failureSeverity = 'S1';

export class Compensation {
  constructor(
    private readonly deps: EngineDeps,
    private readonly partners: PartnerRegistry,
    private readonly effects: Effects,
    private readonly cases: CaseService,
    private readonly recordOwn: RecordOwn,
  ) {}

  /**
   * Each undo is an effect of its own, so a repeated attempt takes back nothing twice. What nobody answered is looked up first. An
   * effect without an undo, or of unknown outcome without a look-up, stays and is counted as failed, and opens an INTEGRATION_FAILURE.
   */
  run(run: ActiveRun, message: FlowMessage, node: NodeRef): Promise<Compensated> {
    return this.takeBack(run, message, node, []);
  }

  /**
   * The cause of the case is gone. What cannot be taken back by its nature, a message or an estimate, stays and is named in `kept`; what
   * costs money and has no undo is a failure like any other.
   */
  async afterHealing(
    run: ActiveRun,
    message: FlowMessage,
    node: NodeRef,
  ): Promise<Compensated & { kept: string[] }> {
    const kept: string[] = [];
    return { ...(await this.takeBack(run, message, node, kept, true)), kept };
  }

  private async takeBack(
    run: ActiveRun,
    message: FlowMessage,
    node: NodeRef,
    kept: string[],
    keeps = false,
  ): Promise<Compensated> {
    const plan = message.reroute?.plan ?? run.plan;
    const { done, unclear } = await this.standing(run, plan);
    if (done.some(({ pivot }) => pivot)) return { undone: 0, failed: 0, pivotPassed: true, unclear: [] };
    // Nobody knows whether the goods are on the floor: taking anything back now may be as wrong as leaving it.
    const blocked = unclear.some(({ pivot }) => pivot);
    const failed: EffectRecord[] = [...unclear];
    let undone = 0;
    for (const effect of blocked ? [] : done.reverse()) {
      if (keeps && this.isHarmless(effect)) kept.push(effect.step);
      else if (await this.undo(run, message, node, effect)) undone += 1;
      else failed.push(effect);
    }
    if (failed.length > 0 && !run.preview) await this.reportFailure(run, plan, failed);
    return {
      undone,
      failed: failed.length,
      pivotPassed: false,
      unclear: unclear.map(({ step }) => step),
    };
  }

  private isHarmless({ partner, operation }: EffectRecord): boolean {
    const { undo, costs } = this.partners.require(partner).operation(operation);
    return undo === undefined && costs !== true;
  }

  /** What the plan did and nobody has taken back, oldest first, and what nobody knows of. */
  private async standing(
    run: ActiveRun,
    plan: string,
  ): Promise<{ done: EffectRecord[]; unclear: EffectRecord[] }> {
    const done: EffectRecord[] = [];
    const unclear: EffectRecord[] = [];
    for (const effect of await effectsOfPlan(this.deps.ledger, run, plan)) {
      if (effect.safety === 'read' || effect.step.startsWith('undo:')) continue;
      if (effect.state === 'CONFIRMED' || effect.state === 'ACCEPTED') done.push(effect);
      if (effect.state !== 'UNKNOWN' && effect.state !== 'INTENDED') continue;
      const found = run.preview ? 'unclear' : await this.effects.lookUps.reconcile(run, effect);
      if (found === 'unclear') unclear.push(effect);
      else if (found !== 'not-done') done.push(found);
    }
    return { done, unclear };
  }

  private async undo(
    run: ActiveRun,
    message: FlowMessage,
    node: NodeRef,
    effect: EffectRecord,
  ): Promise<boolean> {
    const { undo } = this.partners.require(effect.partner).operation(effect.operation);
    if (!undo) return false;
    const outcome = await this.effects.perform(run, message, {
      node,
      partnerId: effect.partner,
      operation: undo.operation,
      step: `undo:${effect.step}`,
      input: undo.input(effect.input, effect.output),
    });
    if (outcome.kind === 'parked')
      throw new RetryableError(
        'APPROVAL_PENDING',
        `taking back ${effect.operation} at ${effect.partner} awaits a person`,
      );
    if (outcome.kind !== 'ok') return false;
    if (!run.preview)
      await this.deps.ledger.resolveEffects(run.lease, [
        { key: effect.key, state: 'COMPENSATED', at: this.deps.now() },
      ]);
    return true;
  }

  /** A case of its own for those who repair integrations; once a plan, however often the attempt is repeated. */
  private async reportFailure(run: ActiveRun, plan: string, failed: readonly EffectRecord[]): Promise<void> {
    const { caseId } = run.record;
    const state = caseId === undefined ? undefined : await this.deps.ledger.case(caseId);
    if (!state) return;
    const now = new Date(this.deps.now()).toISOString();
    const steps = failed.map(({ step, operation, partner }) => `${step} (${operation} at ${partner})`);
    const words = `not taken back: ${steps.join(', ')}`;
    await this.cases.runDied(state.id, words);
    await this.recordOwn(run, [
      {
        type: 'org.reroute.shipment.exception.v1',
        dedupKey: `compensation|${state.id}|${plan}`,
        data: {
          time: {
            eventTime: now,
            eventTimeZoneOffset: '+00:00',
            recordTime: now,
            timeClassifier: 'ACTUAL',
            timeConfidence: 'SOURCE_OFFSET',
          },
          identifiers: state.identifiers,
          context: { severity: failureSeverity },
          exception: {
            code: 'INTEGRATION_FAILURE',
            errorCode: 'COMPENSATION_FAILED',
            message: `case ${state.id}: ${words}`.slice(0, 2000),
          },
        },
      },
    ]);
  }
}
