/** Hands fetched deliveries to intake, one after the other, and does not go on before they are durable. */
import { setTimeout as pause } from 'node:timers/promises';
import type { InboundRequest, OperationResult } from '../../connectors/kit/connector';
import { DeferredError, FatalError, isRerouteError, RetryableError } from '../../model/errors';
import type { IntakeAnswer } from '../intake';
import type { PartnerLane } from '../partners/lane';

export type Take = (request: InboundRequest) => Promise<IntakeAnswer>;

export type Taken = { durable: true; isNew: boolean } | { durable: false; limitBytes: number };

/**
 * @throws RetryableError when intake takes nothing now, FatalError when this partner takes no deliveries
 */
export async function deliver(take: Take, request: InboundRequest, stopped: () => boolean): Promise<Taken> {
  for (;;) {
    const answer = await take(request);
    switch (answer.kind) {
      case 'accepted':
      case 'conflict':
        return { durable: true, isNew: true };
      case 'duplicate':
        return { durable: true, isNew: false };
      case 'too-large':
        return { durable: false, limitBytes: answer.limitBytes };
      case 'limited':
        if (stopped()) throw notNow('the flows are being replaced');
        await pause(Math.min(answer.retryAfterMs, 1_000), undefined, { ref: false });
        break;
      case 'unauthorized':
        throw new FatalError('NO_MAPPING', answer.reason);
      default:
        throw notNow(answer.kind === 'unavailable' ? answer.reason : 'the partner is gone');
    }
  }
}

const notNow = (reason: string): RetryableError =>
  new RetryableError('INTAKE_CLOSED', `what was fetched could not be taken in: ${reason}`, {
    hint: 'It is fetched again by itself.',
  });

/** One exchange under the partner's rate, concurrency, breaker and hold, like any other call. */
export async function throughLane<T>(lane: PartnerLane, ask: () => Promise<T>): Promise<T> {
  const met: { error?: unknown } = {};
  const result = await lane.call<T>(async (): Promise<OperationResult<T>> => {
    try {
      return { outcome: 'ok', output: await ask(), confirmed: true };
    } catch (error) {
      met.error = error;
      return asOutcome(error);
    }
  });
  if (result.outcome === 'ok') return result.output;
  throw met.error;
}

function asOutcome(error: unknown): Exclude<OperationResult<never>, { outcome: 'ok' }> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FatalError || error instanceof DeferredError) return { outcome: 'fatal', message };
  const after = isRerouteError(error) ? error.retryAfterMs : undefined;
  return { outcome: 'retryable', message, ...(after === undefined ? {} : { retryAfterMs: after }) };
}
