/** The way of one call: route, trouble, recognise a repeat, decide, do the work, write the book, answer. */
import { type Book, hashOf } from './book';
import type { Callbacks } from './callbacks';
import type { FaultSubject, Faults } from './faults';
import { type Answer, type Call, type Endpoint, type Outcome, problem, Refusal, type System } from './http';

/** What the server does with the connection. */
export type Ending =
  | { kind: 'answer'; answer: Answer }
  | { kind: 'reset' }
  /** No answer; close after `ms`, or when the caller gives up. */
  | { kind: 'silence'; ms: number | undefined };

export interface Incoming extends Omit<Call, 'params'> {
  /** Path with query, as sent. */
  url: string;
  bodyText: string;
  /** True when there was a body that is not JSON. */
  unreadable: boolean;
}

export interface Parts {
  book: Book;
  faults: Faults;
  callbacks: Callbacks;
  wait(ms: number): Promise<void>;
}

type Remembered = { fingerprint: string; answer: Answer; operation: string; target: string };

export class Pipeline {
  private readonly parts: Parts;
  private readonly remembered = new Map<string, Remembered>();
  private readonly inFlight = new Set<string>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async run(system: System, incoming: Incoming): Promise<Ending> {
    const answer = (value: Answer): Ending => ({ kind: 'answer', answer: value });
    try {
      const found = system.find(incoming.method, incoming.path);
      if (!found)
        return answer(problem(404, 'NOT_FOUND', `${system.id} has no ${incoming.method} ${incoming.path}`));
      if (system.bearer && !/^Bearer \S/i.test(incoming.headers.authorization ?? ''))
        return answer(problem(401, 'UNAUTHORIZED', 'send Authorization: Bearer TOKEN'));
      return await this.troubled(system, found.endpoint, { ...incoming, params: found.params });
    } catch (error) {
      if (error instanceof Refusal) return answer(error.answer);
      throw error;
    }
  }

  private async troubled(system: System, endpoint: Endpoint, call: Call & Incoming): Promise<Ending> {
    const subject: FaultSubject = {
      system: system.id,
      operation: endpoint.operation,
      url: call.url,
      bodyText: call.bodyText,
      writes: call.method !== 'GET' && call.method !== 'HEAD',
    };
    const { latencyMs, decisive } = this.parts.faults.strike(subject);
    if (decisive?.kind === 'resetBeforeWork') return { kind: 'reset' };
    const key = endpoint.keyed ? call.headers['idempotency-key'] : undefined;
    const slot = key && `${system.id}\u0000${key}`;
    if (slot && this.inFlight.has(slot)) return { kind: 'answer', answer: inFlightAnswer };
    if (slot) this.inFlight.add(slot);
    try {
      if (latencyMs > 0) await this.parts.wait(latencyMs);
      if (decisive?.kind === 'status')
        return { kind: 'answer', answer: faultAnswer(decisive.status, decisive.retryAfter) };
      const value = this.perform(system, endpoint, call, subject, slot, decisive?.kind === 'noop2xx');
      if (decisive?.kind === 'resetAfterWork') return { kind: 'reset' };
      if (decisive?.kind === 'timeoutAfterWork') return { kind: 'silence', ms: decisive.ms };
      return { kind: 'answer', answer: value };
    } finally {
      if (slot) this.inFlight.delete(slot);
    }
  }

  private perform(
    system: System,
    endpoint: Endpoint,
    call: Call & Incoming,
    subject: FaultSubject,
    slot: string | undefined,
    idle: boolean,
  ): Answer {
    const fingerprint = slot ? `${call.method} ${call.path} ${hashOf(call.body)}` : '';
    const earlier = slot ? this.remembered.get(slot) : undefined;
    if (earlier) return this.repeat(system, call, earlier, fingerprint);
    if (call.unreadable && !endpoint.raw) return problem(400, 'INVALID', 'the body is not JSON');
    let outcome: Outcome;
    try {
      outcome = endpoint.handle(call);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
    const { work, ...answer } = outcome;
    if (!work || idle) return answer;
    work.commit();
    this.write(
      system,
      endpoint.operation,
      work.target,
      call,
      work.unchanged ? 'unchanged' : 'effect',
      work.reference,
    );
    if (slot)
      this.remembered.set(slot, { fingerprint, answer, operation: endpoint.operation, target: work.target });
    if (work.callbacks?.length) {
      const copies = this.parts.faults.callbackCopies(subject);
      for (const callback of work.callbacks) this.parts.callbacks.send(callback, copies);
    }
    return answer;
  }

  private repeat(system: System, call: Call, earlier: Remembered, fingerprint: string): Answer {
    if (earlier.fingerprint !== fingerprint)
      return problem(
        422,
        'IDEMPOTENCY_MISMATCH',
        'this key came with another request before: use a new key for a new request',
      );
    this.write(system, earlier.operation, earlier.target, call, 'deduplicated', undefined);
    return { ...earlier.answer, headers: { ...earlier.answer.headers, 'idempotency-replayed': 'true' } };
  }

  private write(
    system: System,
    operation: string,
    target: string,
    call: Call,
    outcome: 'effect' | 'deduplicated' | 'unchanged',
    reference: string | undefined,
  ): void {
    const idempotencyKey = call.headers['idempotency-key'] ?? null;
    this.parts.book.record(
      {
        system: system.id,
        operation,
        target,
        idempotencyKey,
        reference: reference ?? null,
        outcome,
        body: call.body ?? null,
      },
      call.now,
    );
  }
}

const inFlightAnswer: Answer = {
  ...problem(409, 'IDEMPOTENCY_IN_FLIGHT', 'the first request under this key is still running'),
  headers: { 'content-type': 'application/problem+json', 'retry-after': '1' },
};

function faultAnswer(status: number, retryAfter: number | undefined): Answer {
  const answer = problem(status, 'SANDBOX_FAULT', 'this failure was asked for');
  return retryAfter === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } };
}
