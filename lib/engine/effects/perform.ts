/** Outward actions: recorded before they are sent, sent once, adopted when an answer was lost. */
import type { CallContext, OperationResult } from '../../connectors/kit/connector';
import { HttpNotSentError } from '../../connectors/kit/http';
import type { EffectIntent, EffectRecord, EffectResolution } from '../../ledger/effects';
import { DeferredError, FatalError, isRerouteError, RetryableError } from '../../model/errors';
import type { ActionOutcome, ActionRequest, FlowMessage, PartnerMode } from '../api';
import type { EngineDeps } from '../deps';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun, PreviewSink } from '../runs/active-run';
import type { Waits } from '../waits';
import { moveFor } from './moves';
import { type Action, prepare } from './prepare';
import { previewEffect } from './preview';
import { RecordedReads } from './reads';

export class Effects {
  /** Actions under way by key: the same action asked for twice at once is one action. */
  private readonly underWay = new Map<string, Promise<ActionOutcome>>();
  private readonly reads: RecordedReads;

  constructor(
    private readonly deps: EngineDeps,
    private readonly partners: PartnerRegistry,
    private readonly waits: Waits,
  ) {
    this.reads = new RecordedReads(deps);
  }

  /**
   * @throws RetryableError for what a later attempt may achieve, DeferredError when the partner is held or its circuit open,
   * FatalError for a wrong operation or input
   */
  async perform(run: ActiveRun, message: FlowMessage, request: ActionRequest): Promise<ActionOutcome> {
    const action = await prepare(this.deps, this.partners, run, message, request);
    if (run.preview) return this.preview(action, run.preview);
    const running = this.underWay.get(action.key);
    if (running) return running;
    const outcome = this.act(action);
    this.underWay.set(action.key, outcome);
    try {
      return await outcome;
    } finally {
      this.underWay.delete(action.key);
    }
  }

  /** Nothing is asked of the partner: reads answer what the runs before have read. */
  private async preview(action: Action, sink: PreviewSink): Promise<ActionOutcome> {
    if (action.operation.safety !== 'read') return previewEffect(action, sink, this.deps.ledger);
    const read = await this.reads.lastOf(action);
    return read ? recordedOutcome(read) : previewEffect(action, sink, this.deps.ledger);
  }

  private async act(asked: Action): Promise<ActionOutcome> {
    if (asked.operation.safety === 'read') return this.read(asked);
    const { existing, record } = await this.intend(asked);
    const action = { ...asked, effect: numbered(record) };
    if (existing && isDoubted(action, record)) return this.doubted(action, record);
    switch (existing ? moveFor(record, action.operation.safety, modeOf(action)) : firstMove(record)) {
      case 'recorded':
        return recordedOutcome(record);
      case 'observe':
        // What comes after rests on something that was not done.
        if (action.message.reroute) action.message.reroute.observed = true;
        return {
          kind: 'ok',
          output: undefined,
          key: action.key,
          confirmed: false,
          recorded: existing,
          adopted: false,
          observed: true,
        };
      case 'await-approval':
        return this.askForApproval(action);
      case 'look-up': {
        const before = asRecorded(action, record);
        return (await this.adopt(before)) ?? this.send(before, true);
      }
      case 'ask-person':
        return this.unknown(
          action,
          'an earlier send got no answer, and nothing tells whether it took effect',
        );
      case 'send':
        return this.send(existing ? await this.intendAgain(action, record) : action, true);
    }
  }

  /**
   * The partner took it, and the system that owns the outcome does not show it: what the look-up does not find was not done and goes out
   * again. Without a look-up a keyed action goes out again under its key, which does no harm; any other answer stands.
   */
  private async doubted(action: Action, record: EffectRecord): Promise<ActionOutcome> {
    const { operation, run, key } = action;
    const asked = asRecorded(action, record);
    if (!operation.lookUp && operation.safety !== 'keyed') return recordedOutcome(record);
    if (operation.lookUp) {
      const found = await this.adopt(asked);
      if (found) return found;
    }
    const at = this.deps.now();
    await this.deps.ledger.resolveEffects(run.lease, [
      { key, state: 'FAILED', at },
      { key, state: 'INTENDED', at },
    ]);
    return this.send(asked, true);
  }

  private async read(action: Action): Promise<ActionOutcome> {
    const key = this.reads.keyOf(action);
    const record = await this.reads.recorded(action, key);
    if (record) return recordedOutcome(record);
    const outcome = await this.send({ ...action, key }, false);
    this.reads.keep(action, key, outcome);
    return outcome;
  }

  /**
   * A crash during this send must find the intent, not the outcome of the send before. What may have been sent, or was approved, goes out
   * again as it was; what was surely not done goes out as it is mapped now.
   */
  private async intendAgain(action: Action, record: EffectRecord): Promise<Action> {
    if (record.state === 'INTENDED' || record.state === 'UNKNOWN') return asRecorded(action, record);
    const sent = record.state === 'APPROVED' ? asRecorded(action, record) : action;
    const { run, key, input } = sent;
    await this.deps.ledger.resolveEffects(run.lease, [
      { key, state: 'INTENDED', input, at: this.deps.now() },
    ]);
    return sent;
  }

  private async intend(action: Action): Promise<{ existing: boolean; record: EffectRecord }> {
    const { run, partner, operation, request } = action;
    const intent: EffectIntent = {
      key: action.key,
      runId: run.id,
      rootRunId: run.record.rootRunId,
      partner: partner.id,
      operation: operation.id,
      safety: operation.safety,
      plan: action.plan,
      step: request.step,
      target: action.target,
      input: action.input,
      correlationId: run.record.correlationId,
      at: this.deps.now(),
      state: ({ observe: 'OBSERVED', assist: 'AWAITING_APPROVAL', automate: 'INTENDED' } as const)[
        modeOf(action)
      ],
      ...(request.pivot ? { pivot: true } : {}),
      ...(run.record.caseId === undefined ? {} : { caseId: run.record.caseId }),
    };
    const [answer] = await this.deps.ledger.intendEffects(run.lease, [intent]);
    if (!answer) throw new RetryableError('LEDGER_NO_ANSWER', 'the ledger did not answer an intent');
    return answer;
  }

  private async send(action: Action, recorded: boolean): Promise<ActionOutcome> {
    const { partner, operation, key } = action;
    const result = await this.call(action, recorded);
    switch (result.outcome) {
      case 'ok':
        this.resolve(action, recorded, {
          state: result.confirmed ? 'CONFIRMED' : 'ACCEPTED',
          sent: true,
          output: result.output,
          ...(result.reference === undefined ? {} : { reference: result.reference }),
        });
        return okOutcome(key, result, { recorded: false, adopted: false });
      case 'business':
        this.resolve(action, recorded, {
          state: 'REJECTED',
          sent: true,
          error: { outcome: 'business', code: result.code, message: result.message },
        });
        return {
          kind: 'business',
          code: result.code,
          message: result.message,
          key,
          ...(result.vendorCode === undefined ? {} : { vendorCode: result.vendorCode }),
        };
      case 'retryable':
        this.resolve(action, recorded, {
          state: 'FAILED',
          sent: true,
          error: { outcome: 'retryable', message: result.message },
        });
        return this.retryOrGiveUp(action, result);
      case 'fatal':
        this.resolve(action, recorded, {
          state: 'FAILED',
          sent: true,
          error: { outcome: 'fatal', message: result.message },
        });
        return {
          kind: 'technical',
          code: result.vendorCode ?? 'REFUSED',
          message: `${partner.id} refused ${operation.title}: ${result.message}`,
          key,
        };
      case 'unknown':
        return recorded
          ? this.noAnswer(action, result.message)
          : this.retryOrGiveUp(action, { outcome: 'retryable', message: result.message });
    }
  }

  private async call(action: Action, recorded: boolean): Promise<OperationResult<unknown>> {
    const { partner, operation } = action;
    try {
      return await partner.lane.call(() => this.guarded(action));
    } catch (error) {
      if (error instanceof DeferredError && recorded) {
        this.resolve(action, recorded, {
          state: 'FAILED',
          error: { outcome: 'retryable', message: error.message },
        });
      }
      if (error instanceof DeferredError)
        Object.assign(error.context, { partner: partner.id, operation: operation.id });
      throw error;
    }
  }

  private contextOf({ partner, key, run, effect }: Action): CallContext {
    return partner.callContext({
      idempotencyKey: key,
      correlationId: run.record.correlationId,
      now: this.deps.now(),
      ...(effect === undefined ? {} : { effect }),
    });
  }

  /** Errors become results, so that the lane's circuit sees them as what they are. */
  private async guarded(action: Action): Promise<OperationResult<unknown>> {
    const { operation, input } = action;
    const context = this.contextOf(action);
    try {
      return await operation.send(input, context);
    } catch (error) {
      if (error instanceof HttpNotSentError) return { outcome: 'retryable', message: error.message };
      if (isRerouteError(error) && error.fate === 'retry')
        return { outcome: 'retryable', message: error.message };
      if (error instanceof FatalError)
        return { outcome: 'fatal', message: error.message, vendorCode: error.code };
      // Whatever else went wrong may have gone wrong after the request had left.
      return { outcome: 'unknown', message: error instanceof Error ? error.message : String(error) };
    }
  }

  private async noAnswer(action: Action, message: string): Promise<ActionOutcome> {
    const { operation } = action;
    this.resolve(action, true, { state: 'UNKNOWN', sent: true, error: { outcome: 'unknown', message } });
    if (operation.safety === 'irreversible') return this.unknown(action, message);
    if (operation.safety === 'reconcilable') {
      const adopted = await this.adopt(action);
      if (adopted) return adopted;
    }
    if (this.isLastAttempt(action)) return this.unknown(action, message);
    return this.retryOrGiveUp(action, { outcome: 'retryable', message });
  }

  private isLastAttempt({ run }: Action): boolean {
    return run.record.attempt >= this.deps.limits.maxAttempts;
  }

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
    const numbers = { effect: numbered(effect) };
    const action = { run, partner, operation, input, target, plan, key, request, message: {}, ...numbers };
    const found = await this.adopt(action);
    if (found?.kind === 'ok')
      return { ...effect, state: found.confirmed ? 'CONFIRMED' : 'ACCEPTED', output: found.output };
    this.resolve(action, true, {
      state: 'FAILED',
      error: { outcome: 'retryable', message: 'nobody answered, and the look-up finds nothing' },
    });
    return 'not-done';
  }

  /** Looks for what an unanswered send left behind, and takes it as the answer. */
  private async adopt(action: Action): Promise<ActionOutcome | undefined> {
    const { partner, operation, input, key } = action;
    if (!operation.lookUp) return undefined;
    const context = this.contextOf(action);
    const { lookUp } = operation;
    const found = await partner.lane
      .ask(() => lookUp(input, context))
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
    this.resolve(action, true, {
      state: found.confirmed ? 'CONFIRMED' : 'ACCEPTED',
      adopted: true,
      output: found.output,
      ...(found.reference === undefined ? {} : { reference: found.reference }),
    });
    return okOutcome(key, found, { recorded: false, adopted: true });
  }

  private unknown({ partner, operation, key }: Action, message: string): ActionOutcome {
    return { kind: 'unknown', key, message: `${operation.title} at ${partner.id}: ${message}` };
  }

  private retryOrGiveUp(
    action: Action,
    result: { message: string; retryAfterMs?: number; outcome: 'retryable' },
  ): ActionOutcome {
    const { partner, operation, key } = action;
    const text = `${operation.title} at ${partner.id}: ${result.message}`;
    if (this.isLastAttempt(action))
      return { kind: 'technical', code: 'ATTEMPTS_EXHAUSTED', message: text, key };
    throw new RetryableError('PARTNER_CALL_FAILED', text, {
      context: { partner: partner.id, operation: operation.id },
      ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
    });
  }

  /**
   * Not awaited: the ledger keeps the order of calls, so whatever the run does next, the next intent or its settling, is
   * durable only after this. When it fails, that next step fails by the same cause.
   */
  private resolve(action: Action, recorded: boolean, resolution: Omit<EffectResolution, 'key' | 'at'>): void {
    if (!recorded) return;
    const { run, key } = action;
    const answer = this.deps.ledger
      .resolveEffects(run.lease, [{ ...resolution, key, at: this.deps.now() }])
      .catch((error: unknown) => {
        run.fail({
          code: 'EFFECT_NOT_RECORDED',
          message:
            'the answer of an action could not be recorded; its outcome is looked up at the next attempt',
        });
        this.deps.log.warn({ err: error, runId: run.id, effect: key }, 'effect answer not recorded');
      })
      .finally(() => run.recording.delete(answer));
    run.recording.add(answer);
  }

  private async askForApproval(action: Action): Promise<ActionOutcome> {
    await this.waits.park(action.run, action.message, {
      node: action.request.node,
      kind: 'person',
      reenter: 'input',
      signal: `effect:${action.key}`,
    });
    return { kind: 'parked', key: action.key };
  }
}

/** Behind an action that was only observed, the rest of the plan is observed, too: it would act on what did not happen. */
function modeOf({ partner, message }: Action): PartnerMode {
  return message.reroute?.observed ? 'observe' : partner.mode;
}

/** After a verification that failed, what was only accepted is no answer any more. */
function isDoubted({ message }: Action, { state }: EffectRecord): boolean {
  return state === 'ACCEPTED' && (message.reroute?.verifyFailures ?? 0) > 0;
}

const numbered = ({ sequence, at }: EffectRecord) => ({ sequence, at });

/** The action as it was recorded: a request that may have gone out goes out again with the same content. */
function asRecorded(action: Action, record: EffectRecord): Action {
  return { ...action, input: record.input };
}

function firstMove(record: EffectRecord): 'send' | 'observe' | 'await-approval' {
  if (record.state === 'OBSERVED') return 'observe';
  return record.state === 'AWAITING_APPROVAL' ? 'await-approval' : 'send';
}

function okOutcome(
  key: string,
  answer: { output: unknown; confirmed: boolean; reference?: string },
  how: { recorded: boolean; adopted: boolean },
): ActionOutcome {
  return {
    kind: 'ok',
    key,
    output: answer.output,
    confirmed: answer.confirmed,
    observed: false,
    ...how,
    ...(answer.reference === undefined ? {} : { reference: answer.reference }),
  };
}

/** The answer of before, for an attempt or a replay that asks again. */
function recordedOutcome(record: EffectRecord): ActionOutcome {
  const { key } = record;
  if (record.state === 'REJECTED') {
    return {
      kind: 'business',
      key,
      code: (record.error?.code ?? 'INTEGRATION_FAILURE') as never,
      message: record.error?.message ?? 'refused',
    };
  }
  if (record.state === 'DECLINED')
    return {
      kind: 'technical',
      key,
      code: 'DECLINED',
      message: `declined by ${record.decidedBy ?? 'a person'}`,
    };
  return okOutcome(
    key,
    {
      output: record.output,
      confirmed: record.state === 'CONFIRMED',
      ...(record.reference === undefined ? {} : { reference: record.reference }),
    },
    { recorded: true, adopted: record.adopted },
  );
}
