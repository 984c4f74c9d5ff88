/** Reconciliation: what an action that nobody answered has left behind at the partner, by the operation's look-up. */
import type { EffectRecord } from '../../ledger/effects';
import { DeferredError, RetryableError } from '../../model/errors';
import type { ActionOutcome } from '../api';
import type { EngineDeps } from '../deps';
import { partnerCalls } from '../partners/calls';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun } from '../runs/active-run';
import { tracedCall } from '../runs/spans';
import type { Answers } from './answers';
import { okOutcome } from './outcomes';
import { type Action, callOf } from './prepare';

export class LookUps {
  constructor(
    private readonly deps: EngineDeps,
    private readonly partners: PartnerRegistry,
    private readonly answers: Answers,
  ) {}

  /**
   * What became of a recorded effect that nobody answered, by the operation's look-up: the effect as it stands, `not-done`, or `unclear`
   * where there is no look-up.
   * @throws RetryableError when the look-up itself got no answer
   */
  async reconcile(run: ActiveRun, effect: EffectRecord): Promise<EffectRecord | 'not-done' | 'unclear'> {
    const partner = this.partners.require(effect.partner);
    const operation = partner.operation(effect.operation);
    if (!operation.lookUp) return 'unclear';
    const { key, target, plan, input, step } = effect;
    const node = { id: '', type: 'compensate', z: '' };
    const request = { node, partnerId: partner.id, operation: operation.id, step, input };
    const action = { run, partner, operation, input, target, plan, key, request, message: {}, effect };
    const found = await this.adopt(action);
    if (found?.kind === 'ok')
      return { ...effect, state: found.confirmed ? 'CONFIRMED' : 'ACCEPTED', output: found.output };
    this.answers.resolve(action, true, {
      state: 'FAILED',
      error: { outcome: 'retryable', message: 'nobody answered, and the look-up finds nothing' },
    });
    return 'not-done';
  }

  /** Looks for what an unanswered send left behind, and takes it as the answer. */
  async adopt(action: Action): Promise<ActionOutcome | undefined> {
    const { partner, operation, key } = action;
    if (!operation.lookUp) return undefined;
    const { calls = partnerCalls, now } = this.deps;
    const { run, request } = action;
    const found = await partner.lane
      .ask(() =>
        tracedCall(this.deps, run, request.node.id, callOf(action, now()), (call) => calls.lookUp(call)),
      )
      .catch((cause: unknown) => {
        if (cause instanceof DeferredError) throw cause;
        throw new RetryableError(
          'LOOK_UP_FAILED',
          `${operation.title} at ${partner.id}: its outcome is unknown and could not be looked up`,
          {
            cause,
            context: { partner: partner.id, operation: operation.id },
          },
        );
      });
    if (!found.found) return undefined;
    this.answers.resolve(action, true, {
      state: found.confirmed ? 'CONFIRMED' : 'ACCEPTED',
      adopted: true,
      output: found.output,
      ...(found.reference === undefined ? {} : { reference: found.reference }),
    });
    return okOutcome(key, found, { recorded: false, adopted: true });
  }
}
