/** Takes back what a plan has done, newest first, until the pivot was passed. */
import type { EffectRecord } from '../../ledger/effects';
import { RetryableError } from '../../model/errors';
import type { FlowMessage, NodeRef } from '../api';
import type { CaseService } from '../cases/service';
import type { EngineDeps } from '../deps';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun } from '../runs/active-run';
import type { Effects } from './perform';

export class Compensation {
  constructor(
    private readonly deps: EngineDeps,
    private readonly partners: PartnerRegistry,
    private readonly effects: Effects,
    private readonly cases: CaseService,
  ) {}

  /**
   * Each undo is an effect of its own, so a repeated attempt takes back nothing twice. An effect without an undo stays and is
   * counted as failed; a failed compensation hands the case to a person.
   */
  async run(
    run: ActiveRun,
    message: FlowMessage,
    node: NodeRef,
  ): Promise<{ undone: number; failed: number; pivotPassed: boolean }> {
    const done = await this.effectsOf(run);
    if (done.some((effect) => effect.pivot)) return { undone: 0, failed: 0, pivotPassed: true };
    let undone = 0;
    let failed = 0;
    for (const effect of done.reverse()) {
      const ok = await this.undo(run, message, node, effect);
      if (ok) undone += 1;
      else failed += 1;
    }
    if (failed > 0 && run.record.caseId !== undefined && !run.preview) {
      await this.cases.runDied(
        run.record.caseId,
        `${failed} of ${failed + undone} effects could not be taken back`,
      );
    }
    return { undone, failed, pivotPassed: false };
  }

  /** What the plan did and nobody has taken back, oldest first. */
  private async effectsOf(run: ActiveRun): Promise<EffectRecord[]> {
    const { ledger } = this.deps;
    const { caseId, rootRunId } = run.record;
    const all =
      caseId === undefined
        ? await ledger.effectsByRuns((await ledger.runsByRoot(rootRunId)).map((entry) => entry.id))
        : await ledger.effectsByCase(caseId);
    const acted = all.filter(
      ({ state, safety, step }) =>
        (state === 'CONFIRMED' || state === 'ACCEPTED') && safety !== 'read' && !step.startsWith('undo:'),
    );
    return acted.sort((a, b) => a.at - b.at);
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
}
