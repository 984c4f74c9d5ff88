/**
 * Sessions of people: a secret of 256 random bits in a cookie, of which the ledger holds the hash. A session ends when it is not used
 * for a while, at a fixed age, when it is revoked, and when its user is disabled.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SessionRecord, UserRecord } from '../../ledger/access';
import type { Ledger } from '../../ledger/port';
import type { Caller } from '../deps';
import { type Role, roles } from '../roles';

export interface SessionLimits {
  /** Without a request, milliseconds. */
  idleMs: number;
  /** From sign-in, used or not, milliseconds. */
  absoluteMs: number;
}

export const defaultSessionLimits: SessionLimits = { idleMs: 60 * 60_000, absoluteMs: 12 * 3_600_000 };

/** How exactly the last use is kept, milliseconds: not every request becomes a write. */
const touchMs = 30_000;
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

export interface OpenedSession {
  secret: string;
  csrfToken: string;
  session: SessionRecord;
}

type SessionLedger = Pick<Ledger, 'openSession' | 'session' | 'touchSession' | 'endSessions'>;

export class Sessions {
  constructor(
    private readonly ledger: SessionLedger,
    readonly limits: SessionLimits = defaultSessionLimits,
  ) {}

  /** A new secret at every sign-in; the session that the browser had before ends. */
  async open(
    user: UserRecord,
    from: { address: string; agent: string; replaces?: string | undefined; now: number },
  ): Promise<OpenedSession> {
    const secret = randomBytes(32).toString('base64url');
    const session = {
      id: idOf(secret),
      userId: user.id,
      createdAt: from.now,
      seenAt: from.now,
      expiresAt: from.now + this.limits.absoluteMs,
      address: from.address.slice(0, 100),
      agent: from.agent.slice(0, 300),
    };
    await this.ledger.endSessions({ expiredAt: from.now });
    await this.ledger.openSession(session, from.replaces === undefined ? undefined : idOf(from.replaces));
    return { secret, csrfToken: csrfTokenOf(secret), session };
  }

  /** Who the session belongs to, as they are now. */
  async caller(secret: string, now: number): Promise<Caller | undefined> {
    if (!secretPattern.test(secret)) return undefined;
    const found = await this.ledger.session(idOf(secret));
    if (!found) return undefined;
    const { session, user } = found;
    if (session.expiresAt <= now || session.seenAt + this.limits.idleMs <= now) {
      await this.ledger.endSessions({ id: session.id });
      return undefined;
    }
    if (user.state !== 'active') return undefined;
    if (now - session.seenAt > touchMs) await this.ledger.touchSession(session.id, now);
    return callerOf(user, { session, csrfToken: csrfTokenOf(secret) });
  }
}

export function callerOf(user: UserRecord, via?: Caller['via']): Caller | undefined {
  const role = roles.find((one) => one === user.role);
  return role && { ...identity(user, role), ...(via && { via }) };
}

function identity(user: UserRecord, role: Role): Caller {
  return { actor: `user:${user.name}`, role, userId: user.id, ...(user.scope && { scope: user.scope }) };
}

/** Belongs to the session: a page of another site can send the cookie, but cannot read or guess this. */
export function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('reroute csrf').digest('base64url');
}

export function sameToken(given: string | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export const idOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
