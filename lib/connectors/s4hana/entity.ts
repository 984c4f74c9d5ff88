/**
 * Reading an entity and changing it conditionally. A change is told by the state it should lead to: what already shows that state is
 * adopted, what does not is changed under the ETag that was read, and after the change it is read again, because a 204 from SAP can
 * have done nothing (a field that a user exit or an incompletion procedure put back). 412 and 428 read anew, at most three rounds
 * (SAP KBA 3514624, https://userapps.support.sap.com/sap/support/knowledge/en/3514624).
 */
import type { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext, LookUpResult, OperationResult } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { quietly } from '../kit/outbound';
import { settingsOf } from './manifest';
import { type Asked, type Refusal, refusalOf } from './outcome';
import { one } from './schema';
import { type Service, Session } from './session';

const rounds = 3;

export interface Entity<S> {
  state: S;
  etag: string | undefined;
}

export type Read<S> = { ok: true; entity: Entity<S> } | { ok: false; refusal: Refusal };

export function asked(call: CallContext, write: boolean): Asked {
  return { write, now: call.now, passing: settingsOf(call.settings).passingMessages };
}

/** Reads one entity; its ETag stands in the header or, on older gateways, in `__metadata`. */
export async function readEntity<T extends z.ZodType>(
  session: Session,
  path: string,
  schema: T,
  call: CallContext,
): Promise<Read<z.infer<T>>> {
  const response = await session.read(path);
  if (response.status !== 200) return { ok: false, refusal: refusalOf(response, asked(call, false)) };
  const parsed = one(schema).safeParse(response.json());
  if (!parsed.success) {
    return {
      ok: false,
      refusal: { outcome: 'fatal', message: `SAP answered ${path} with something that is no such entity` },
    };
  }
  const state = parsed.data.d as z.infer<T>;
  return { ok: true, entity: { state, etag: response.headers.etag ?? metadataEtag(state) } };
}

function metadataEtag(state: unknown): string | undefined {
  const metadata = (state as { __metadata?: { etag?: unknown } }).__metadata;
  return typeof metadata?.etag === 'string' ? metadata.etag : undefined;
}

export interface Change<S, O> {
  service: Service;
  /** Entity below the service root. */
  path: string;
  /** The document whose ETag guards the entity where SAP gives the entity none of its own. */
  guardPath?: string;
  schema: z.ZodType<S>;
  /** True when the state shows what was intended. */
  intended(state: S): boolean;
  /** A reason not to change this state: it is no longer what the decision was made on. */
  refuse?(state: S): string | undefined;
  body: Record<string, unknown>;
  /** `before` is the state that was read ahead of the change, `after` the newest state known. */
  output(before: S, after: S): O;
}

/** Brings an entity to its intended state; see the head of this file. */
export async function changeEntity<S, O>(
  change: Change<S, O>,
  call: CallContext,
): Promise<OperationResult<O>> {
  const session = new Session(call, change.service);
  let last: Refusal = {
    outcome: 'retryable',
    message: 'the document kept changing while it was being changed',
  };
  let needsGuard = false;
  for (let round = 1; round <= rounds; round += 1) {
    const read = await readEntity(session, change.path, change.schema, call);
    if (!read.ok) return read.refusal;
    const { state, etag } = read.entity;
    if (change.intended(state))
      return { outcome: 'ok', output: change.output(state, state), confirmed: true };
    const refusal = change.refuse?.(state);
    if (refusal !== undefined) return { outcome: 'fatal', message: refusal, vendorCode: 'STATE_CHANGED' };
    const guard = needsGuard || etag === undefined ? await guardEtag(session, change.guardPath) : undefined;
    const response = await session.write('PATCH', change.path, change.body, guard ?? etag);
    if (response.status === 412 || response.status === 428) {
      needsGuard = response.status === 428;
      last = refusalOf(response, asked(call, true));
      continue;
    }
    if (response.status >= 300) return refusalOf(response, asked(call, true));
    return readBack(session, change, state, call);
  }
  return last;
}

async function guardEtag(session: Session, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const response = await session.read(path);
  if (response.status !== 200) return undefined;
  return response.headers.etag ?? metadataEtag((response.json() as { d?: unknown } | undefined)?.d ?? {});
}

/** An accepted change is confirmed only by what the document says afterwards. */
async function readBack<S, O>(
  session: Session,
  change: Change<S, O>,
  before: S,
  call: CallContext,
): Promise<OperationResult<O>> {
  const after = await quietly(() => readEntity(session, change.path, change.schema, call));
  if (after === undefined || !after.ok)
    return { outcome: 'ok', output: change.output(before, before), confirmed: false };
  const { state } = after.entity;
  return { outcome: 'ok', output: change.output(before, state), confirmed: change.intended(state) };
}

/** Finds out whether an unanswered change arrived: the state either shows it or it does not. */
export async function lookUpChange<S, O>(change: Change<S, O>, call: CallContext): Promise<LookUpResult<O>> {
  const read = await readEntity(new Session(call, change.service), change.path, change.schema, call);
  if (!read.ok) return notFoundOrThrow(read.refusal);
  const { state } = read.entity;
  if (!change.intended(state)) return { found: false };
  return { found: true, output: change.output(state, state), confirmed: true };
}

/** A look-up that could not look must not say `not found`: that would send again. */
export function notFoundOrThrow(refusal: Refusal): { found: false } {
  if (refusal.outcome === 'business' && refusal.code === 'IDENTIFIER_UNRESOLVED') return { found: false };
  throw refusal.outcome === 'fatal' || refusal.outcome === 'business'
    ? new FatalError('S4_LOOK_UP_REFUSED', refusal.message, {
        hint: 'Correct the partner settings, then replay.',
      })
    : new RetryableError('S4_LOOK_UP_FAILED', refusal.message, {
        hint: 'The look-up is tried again by itself.',
      });
}

/** True when the answer is a success. */
export function succeeded(response: HttpResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
