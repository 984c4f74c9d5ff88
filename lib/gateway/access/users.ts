/** People: added, changed, given passwords. Every change is audited with what was before and after, never with a secret. */
import type { UserRecord } from '../../ledger/access';
import type { AuditSeed } from '../../ledger/operators';
import type { Ledger } from '../../ledger/port';
import { FatalError } from '../../model/errors';
import { isLimited, type Scope } from '../../model/scope';
import type { Role } from '../roles';
import { type Passwords, passwordProblem } from './passwords';

export interface UserDeps {
  ledger: Ledger;
  passwords: Passwords;
  now(): number;
  newId(): string;
}

export interface UserRequest {
  name: string;
  displayName?: string | undefined;
  role: Role;
  scope?: Scope | undefined;
  password?: string | undefined;
}

export interface UserChange {
  displayName?: string | undefined;
  role?: Role | undefined;
  /** null takes every limit away. */
  scope?: Scope | null | undefined;
  state?: UserRecord['state'] | undefined;
}

/** Who changes and why. */
export interface By {
  actor: string;
  reason: string;
}

/** @throws FatalError USER_NAME_TAKEN, WEAK_PASSWORD, USERS_EXIST */
export async function addUser(
  deps: UserDeps,
  request: UserRequest,
  by: By,
  first = false,
): Promise<UserRecord> {
  const now = deps.now();
  const user: UserRecord = {
    id: deps.newId(),
    name: request.name.toLowerCase(),
    role: request.role,
    state: 'active',
    createdAt: now,
    updatedAt: now,
    version: 1,
    ...(request.displayName === undefined ? {} : { displayName: request.displayName }),
    ...(isLimited(request.scope) ? { scope: request.scope } : {}),
    ...(request.password === undefined
      ? {}
      : { passwordHash: await hashed(deps, request.password, request.name), passwordChangedAt: now }),
  };
  await deps.ledger.saveUser(user, 0, first);
  await audited(deps, 'user.add', by, undefined, user);
  return user;
}

/**
 * Changes role, scope or state; whoever has less afterwards is signed out, so that nothing goes on under the old rights.
 * @throws FatalError LAST_ADMIN when nobody could administer afterwards, VersionConflictError
 */
export async function changeUser(
  deps: UserDeps,
  user: UserRecord,
  change: UserChange,
  by: By,
): Promise<UserRecord> {
  const { scope, ...kept } = user;
  const nextScope = change.scope === undefined ? scope : (change.scope ?? undefined);
  const next: UserRecord = {
    ...kept,
    ...(isLimited(nextScope) ? { scope: nextScope } : {}),
    ...(change.displayName === undefined ? {} : { displayName: change.displayName }),
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.state === undefined ? {} : { state: change.state }),
    updatedAt: deps.now(),
    version: user.version + 1,
  };
  if (administers(user) && !administers(next)) await demandAnotherAdmin(deps, user.id);
  await deps.ledger.saveUser(next, user.version);
  if (next.state !== 'active' || next.role !== user.role || change.scope !== undefined)
    await deps.ledger.endSessions({ userId: user.id });
  await audited(deps, 'user.change', by, user, next);
  return next;
}

/** Every other session of the user ends. @throws FatalError WEAK_PASSWORD, EXTERNAL_USER */
export async function setPassword(
  deps: UserDeps,
  user: UserRecord,
  password: string,
  by: By,
  keepSession?: string,
): Promise<UserRecord> {
  if (user.external)
    throw new FatalError('EXTERNAL_USER', `${user.name} signs in at ${user.external.issuer}`, {
      hint: 'Change the password there.',
    });
  const now = deps.now();
  const passwordHash = await hashed(deps, password, user.name);
  const next = { ...user, passwordHash, passwordChangedAt: now, updatedAt: now, version: user.version + 1 };
  await deps.ledger.saveUser(next, user.version);
  await deps.ledger.endSessions({
    userId: user.id,
    ...(keepSession === undefined ? {} : { except: keepSession }),
  });
  await audited(deps, 'user.password', by, user, next);
  return next;
}

async function hashed(deps: UserDeps, password: string, name: string): Promise<string> {
  const problem = passwordProblem(password, name);
  if (problem !== undefined)
    throw new FatalError('WEAK_PASSWORD', `the password ${problem}`, {
      hint: 'Take a few words that belong to nobody else.',
    });
  return deps.passwords.hash(password);
}

const administers = (user: UserRecord): boolean =>
  user.role === 'admin' && user.state === 'active' && !user.scope;

async function demandAnotherAdmin(deps: UserDeps, id: string): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Ledger['users']>> = await deps.ledger.users({
      limit: 200,
      ...(cursor === null ? {} : { cursor }),
    });
    if (page.items.some((user) => user.id !== id && administers(user))) return;
    cursor = page.nextCursor;
  } while (cursor !== null);
  throw new FatalError('LAST_ADMIN', 'nobody could administer Reroute afterwards', {
    hint: 'Make somebody else an administrator first.',
  });
}

/** What may be shown and kept of a user. */
export function userSummary(user: UserRecord): Omit<UserRecord, 'passwordHash'> & { hasPassword: boolean } {
  const { passwordHash, ...shown } = user;
  return { ...shown, hasPassword: passwordHash !== undefined };
}

async function audited(
  deps: UserDeps,
  action: string,
  by: By,
  before: UserRecord | undefined,
  after: UserRecord,
): Promise<void> {
  const seed: AuditSeed = {
    id: deps.newId(),
    at: deps.now(),
    actor: by.actor,
    action,
    subject: `user:${after.name}`,
    reason: by.reason,
    after: rights(after),
    outcome: 'done',
    ...(before && { before: rights(before) }),
  };
  await deps.ledger.appendAudit(0, [seed]);
}

function rights({ role, scope, state, passwordChangedAt, version }: UserRecord): unknown {
  return { role, scope: scope ?? null, state, passwordChangedAt: passwordChangedAt ?? null, version };
}
