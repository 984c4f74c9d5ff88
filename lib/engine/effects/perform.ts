/** Outward actions: recorded before they are sent, sent once, adopted when an answer was lost. */
import type { OperationResult } from '../../connectors/kit/connector';
import { HttpNotSentError } from '../../connectors/kit/http';
import type { EffectRecord } from '../../ledger/effects';
import { DeferredError, FatalError, isRerouteError, RetryableError } from '../../model/errors';
import {
  type ActionOutcome,
  type ActionRequest,
  type FlowMessage,
  type PartnerMode,
  strictest,
} from '../api';
import type { EngineDeps } from '../deps';
import { type PartnerCalls, partnerCalls } from '../partners/calls';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun, PreviewSink } from '../runs/active-run';
import { tracedCall } from '../runs/spans';
import type { Waits } from '../waits';
import { Answers } from './answers';
import { LookUps } from './look-up';
import { moveFor } from './moves';
import { observedOutcome, okOutcome, recordedOutcome, unknownOutcome } from './outcomes';
import { type Action, callOf, intentOf, prepare } from './prepare';
import { previewEffect } from './preview';
import { RecordedReads } from './reads';

export class Effects {
  /** Actions under way by key: the same action asked for twice at once is one action. */
  private readonly underWay = new Map<string, Promise<ActionOutcome>>();
  private readonly reads: RecordedReads;
  private readonly calls: PartnerCalls;
  private readonly answers: Answers;
  readonly lookUps: LookUps;
  /** The last attempt of an action has failed, or nobody knows its outcome; set by the engine. */
  onExhausted: (run: ActiveRun, outage: { partner: string; operation: string; message: string }) => void =
    () => undefined;

  constructor(
    private readonly deps: EngineDeps,
    private readonly partners: PartnerRegistry,
    private readonly waits: Waits,
  ) {
    this.reads = new RecordedReads(deps);
    this.calls = deps.calls ?? partnerCalls;
    this.answers = new Answers(deps);
    this.lookUps = new LookUps(deps, partners, this.answers);
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
    if (action.operation.safety !== 'read')
      return previewEffect(action, modeOf(action), sink, this.deps.ledger);
    const read = await this.reads.lastOf(action);
    return read ? recordedOutcome(read) : previewEffect(action, modeOf(action), sink, this.deps.ledger);
  }

  private async act(asked: Action): Promise<ActionOutcome> {
    if (asked.operation.safety === 'read') return this.read(asked);
    const { existing, record } = await this.intend(asked);
    const action = { ...asked, effect: record };
    if (existing && isDoubted(action, record)) return this.doubted(action, record);
    switch (existing ? moveFor(record, action.operation.safety, modeOf(action)) : firstMove(record)) {
      case 'recorded':
        return recordedOutcome(record);
      case 'observe':
        // What comes after rests on something that was not done.
        if (action.message.reroute) action.message.reroute.observed = true;
        return observedOutcome(action.key, existing);
      case 'await-approval':
        return this.askForApproval(action);
      case 'look-up': {
        const before = asRecorded(action, record);
        return (await this.lookUps.adopt(before)) ?? this.send(before, true);
      }
      case 'ask-person':
        return unknownOutcome(
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
      const found = await this.lookUps.adopt(asked);
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
    const intent = intentOf(action, modeOf(action), this.deps.now());
    const [answer] = await this.deps.ledger.intendEffects(action.run.lease, [intent]);
    if (!answer) throw new RetryableError('LEDGER_NO_ANSWER', 'the ledger did not answer an intent');
    return answer;
  }

  private async send(action: Action, recorded: boolean): Promise<ActionOutcome> {
    const { partner, operation, key } = action;
    const result = await this.call(action, recorded);
    switch (result.outcome) {
      case 'ok':
        this.answers.resolve(action, recorded, {
          state: result.confirmed ? 'CONFIRMED' : 'ACCEPTED',
          sent: true,
          output: result.output,
          ...(result.reference === undefined ? {} : { reference: result.reference }),
        });
        return okOutcome(key, result, { recorded: false, adopted: false });
      case 'business':
        this.answers.resolve(action, recorded, {
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
        this.answers.resolve(action, recorded, {
          state: 'FAILED',
          sent: true,
          error: { outcome: 'retryable', message: result.message },
        });
        return this.retryOrGiveUp(action, result);
      case 'fatal':
        this.answers.resolve(action, recorded, {
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
        this.answers.resolve(action, recorded, {
          state: 'FAILED',
          error: { outcome: 'retryable', message: error.message },
        });
      }
      if (error instanceof DeferredError)
        Object.assign(error.context, { partner: partner.id, operation: operation.id });
      throw error;
    }
  }

  /** Errors become results, so that the lane's circuit sees them as what they are. */
  private async guarded(action: Action): Promise<OperationResult<unknown>> {
    try {
      const call = callOf(action, this.deps.now());
      return await tracedCall(this.deps, action.run, action.request.node.id, call, (it) =>
        this.calls.send(it),
      );
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
    this.answers.resolve(action, true, {
      state: 'UNKNOWN',
      sent: true,
      error: { outcome: 'unknown', message },
    });
    if (operation.safety === 'irreversible') return unknownOutcome(action, message);
    if (operation.safety === 'reconcilable') {
      const adopted = await this.lookUps.adopt(action);
      if (adopted) return adopted;
    }
    if (this.isLastAttempt(action)) return unknownOutcome(action, message);
    return this.retryOrGiveUp(action, { outcome: 'retryable', message });
  }

  private isLastAttempt({ run }: Action): boolean {
    return run.record.attempt >= this.deps.limits.maxAttempts;
  }

  private retryOrGiveUp(
    action: Action,
    result: { message: string; retryAfterMs?: number; outcome: 'retryable' },
  ): ActionOutcome {
    const { partner, operation, key } = action;
    const text = `${operation.title} at ${partner.id}: ${result.message}`;
    if (this.isLastAttempt(action)) {
      this.onExhausted(action.run, { partner: partner.id, operation: operation.id, message: text });
      return { kind: 'technical', code: 'ATTEMPTS_EXHAUSTED', message: text, key };
    }
    throw new RetryableError('PARTNER_CALL_FAILED', text, {
      context: { partner: partner.id, operation: operation.id },
      ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
    });
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

/** The stricter of the partner's and the flow's. Behind an action that was only observed, the rest of the plan is observed, too: it would act on what did not happen. */
function modeOf({ partner, message, request }: Action): PartnerMode {
  return message.reroute?.observed ? 'observe' : strictest(partner.mode, request.node.mode);
}

/** After a verification that failed, what was only accepted is no answer any more. */
function isDoubted({ message }: Action, { state }: EffectRecord): boolean {
  return state === 'ACCEPTED' && (message.reroute?.verifyFailures ?? 0) > 0;
}

/** The action as it was recorded: a request that may have gone out goes out again with the same content. */
function asRecorded(action: Action, record: EffectRecord): Action {
  return { ...action, input: record.input };
}

function firstMove(record: EffectRecord): 'send' | 'observe' | 'await-approval' {
  if (record.state === 'OBSERVED') return 'observe';
  return record.state === 'AWAITING_APPROVAL' ? 'await-approval' : 'send';
}
