/**
 * Answers of reads, recorded by run: a later attempt decides and maps from what the first one saw, not from a world that its own actions
 * have changed. A run that was started anew (a replay, a resumed wait) reads anew, and so does a `fresh` read.
 */
import type { EffectRecord } from '../../ledger/effects';
import { effectKey } from '../../model/keys';
import type { ActionOutcome } from '../api';
import type { EngineDeps } from '../deps';
import { aboutRun } from '../runs/spans';
import { type Action, effectsOfPlan } from './prepare';

export class RecordedReads {
  constructor(private readonly deps: EngineDeps) {}

  /**
   * The key of this read: the same step on the same target may be read several times in one attempt. What is read back again and again
   * has one key a plan, under which its newest answer is kept.
   */
  keyOf({ run, request, partner, operation, target, plan }: Action): string {
    const name = `${request.step}|${partner.id}/${operation.id}/${target}`;
    if (request.fresh)
      return effectKey({
        ...{ tenant: this.deps.tenant, subject: run.subject, planVersion: `read-back|${plan}` },
        ...{ step: request.step, target: name },
      });
    const ordinal = (run.readOrdinals.get(name) ?? 0) + 1;
    run.readOrdinals.set(name, ordinal);
    return effectKey({
      tenant: this.deps.tenant,
      subject: run.id,
      planVersion: 'read',
      step: request.step,
      target: `${name}#${ordinal}`,
    });
  }

  /** What an earlier attempt of this run has read. */
  async recorded({ run, request }: Action, key: string): Promise<EffectRecord | undefined> {
    if (request.fresh || run.record.attempt === 1) return undefined;
    const record = await this.deps.ledger.effect(key);
    return record?.state === 'CONFIRMED' ? record : undefined;
  }

  /** The newest answer that the case's plan, or the runs of the same beginning, have for this read. */
  async lastOf({ run, plan, request, target }: Action): Promise<EffectRecord | undefined> {
    return (await effectsOfPlan(this.deps.ledger, run, plan)).findLast(
      (effect) =>
        effect.safety === 'read' &&
        effect.state === 'CONFIRMED' &&
        effect.step === request.step &&
        effect.partner === request.partnerId &&
        effect.operation === request.operation &&
        effect.target === target,
    );
  }

  /** Not awaited: a read that is not recorded is read again. What is too large to keep is read again, too. */
  keep(action: Action, key: string, outcome: ActionOutcome): void {
    const { run, request, partner, operation, target, plan, input } = action;
    if (run.preview || outcome.kind !== 'ok') return;
    if (JSON.stringify(outcome.output ?? null).length > this.deps.limits.maxMessageChars) return;
    const at = this.deps.now();
    const { ledger } = this.deps;
    const recorded = Promise.all([
      ledger.intendEffects(run.lease, [
        {
          key,
          runId: run.id,
          rootRunId: run.record.rootRunId,
          partner: partner.id,
          operation: operation.id,
          safety: 'read',
          plan,
          step: request.step,
          target,
          input,
          correlationId: run.record.correlationId,
          at,
          state: 'INTENDED',
          ...(run.record.caseId === undefined ? {} : { caseId: run.record.caseId }),
        },
      ]),
      ledger.resolveEffects(run.lease, [
        { key, state: 'CONFIRMED', sent: true, output: outcome.output ?? null, at },
      ]),
    ]);
    recorded.catch((error: unknown) =>
      this.deps.log.warn({ err: error, ...aboutRun(run), effect: key }, 'a read was not recorded'),
    );
  }
}
