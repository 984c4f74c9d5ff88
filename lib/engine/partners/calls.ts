/**
 * The port of partner calls: what an action, a look-up or a read-back comes down to. The partners themselves answer, over their own
 * transports; flow tests and back-tests put recorded answers in their place, and nothing is sent.
 */
import type { CallContext, LookUpResult, Operation, OperationResult } from '../../connectors/kit/connector';
import type { Partner } from './registry';

export interface PartnerCall {
  partner: Partner;
  operation: Operation;
  input: unknown;
  /** Name of the step within the plan. */
  step: string;
  /** The effect's key, or the key of a read. */
  key: string;
  /** The case that the call is about. */
  caseId?: string;
  /** The record of the effect, once it is intended. */
  effect?: { sequence: number; at: number };
  correlationId: string;
  /** Trace context of the call, for its requests. */
  traceparent?: string;
  /** Epoch milliseconds. */
  now: number;
}

export interface PartnerCalls {
  /** May throw what an operation's `send` throws. */
  send(call: PartnerCall): Promise<OperationResult<unknown>>;
  /** Asked only where the operation has a look-up. */
  lookUp(call: PartnerCall): Promise<LookUpResult<unknown>>;
}

export const partnerCalls: PartnerCalls = {
  send: (call) => call.operation.send(call.input, contextOf(call)),
  async lookUp(call) {
    const found = await call.operation.lookUp?.(call.input, contextOf(call));
    return found ?? { found: false };
  },
};

function contextOf({ partner, key, correlationId, now, effect, traceparent }: PartnerCall): CallContext {
  return partner.callContext({
    idempotencyKey: key,
    correlationId,
    now,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(effect === undefined ? {} : { effect: { sequence: effect.sequence, at: effect.at } }),
  });
}
