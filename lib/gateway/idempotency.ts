/**
 * Writes happen once: the answer to the first request under an `Idempotency-Key` is the answer to all of them. Keys belong to
 * their caller. An answer of 500 and above is not kept: whether the write happened is open then, and the key may be used again
 * after a while (the compare-and-set of every write keeps that harmless).
 */
import { canonicalJson, sha256Hex } from '../model/keys';
import type { Caller, GatewayDeps } from './deps';
import { problemOf } from './errors';
import { Problem, problemBody } from './problems';

export interface KeptAnswer {
  status: number;
  body: unknown;
  repeated: boolean;
}

const keyPattern = /^[\x21-\x7e]{1,200}$/;
const staleMs = 60_000;

export function requireKey(header: string | undefined): string {
  if (header !== undefined && keyPattern.test(header)) return header;
  throw new Problem(400, 'idempotency-key', {
    detail:
      'Every write needs an Idempotency-Key header of 1 to 200 visible ASCII characters; a UUID does well.',
    errors: [
      { at: '/headers/idempotency-key', message: header === undefined ? 'is missing' : 'is not valid' },
    ],
  });
}

/**
 * @param what method, path and body: the same key with anything else is refused
 * @throws Problem 409 while the first request is under way, 422 when the key was used for something else
 */
export async function once(
  deps: GatewayDeps,
  request: { key: string; caller: Caller; what: unknown; instance: string },
  work: () => Promise<{ status: number; body: unknown }>,
): Promise<KeptAnswer> {
  const { key, caller } = request;
  const begun = await deps.ledger.beginRequest({
    key,
    actor: caller.actor,
    bodyHash: sha256Hex(canonicalJson(request.what)),
    now: deps.now(),
    staleMs: deps.limits?.staleRequestMs ?? staleMs,
  });
  if (begun.state === 'done') return { status: begun.status, body: begun.body, repeated: true };
  if (begun.state === 'mismatch') {
    throw new Problem(422, 'idempotency-key-reused', {
      detail: 'This Idempotency-Key was used for another request. Take a new one.',
    });
  }
  if (begun.state === 'in-flight') {
    throw new Problem(409, 'in-flight', {
      detail: 'The first request under this Idempotency-Key is still under way. Ask again in a moment.',
      headers: { 'retry-after': '1' },
    });
  }
  const answer = await settled(work, request.instance);
  await deps.ledger.finishRequest({
    key,
    actor: caller.actor,
    status: answer.status,
    body: answer.body,
    now: deps.now(),
  });
  return { ...answer, repeated: false };
}

/** A refusal is an answer like any other; a failure is thrown on. */
async function settled(
  work: () => Promise<{ status: number; body: unknown }>,
  instance: string,
): Promise<{ status: number; body: unknown }> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500) throw error;
    return {
      status: problem.status,
      body: problemBody(problem.status, problem.code, { ...problem.extras, instance }),
    };
  }
}
