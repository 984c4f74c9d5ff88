/** Users and sessions. */
import { FatalError, VersionConflictError } from '../../../model/errors';
import type { SessionRecord } from '../../access';
import type { PageRequest } from '../../port';
import type { Database } from '../database';
import { Conditions, type RowPage, readPage } from './paging';

/** A user as it crosses the thread: what is searched, the whole as JSON in `state`. */
export interface UserInput {
  id: string;
  name: string;
  issuer: string | undefined;
  subject: string | undefined;
  version: number;
  state: string;
}

export interface UserRow {
  name: string;
  state: string;
}

export function user(db: Database, id: string): string | undefined {
  return db.get<UserRow>('SELECT state FROM users WHERE id = ?', id)?.state;
}

export function userByName(db: Database, name: string): string | undefined {
  return db.get<UserRow>('SELECT state FROM users WHERE name = ?', name.toLowerCase())?.state;
}

export function userByExternal(db: Database, issuer: string, subject: string): string | undefined {
  return db.get<UserRow>('SELECT state FROM users WHERE issuer = ? AND subject = ?', issuer, subject)?.state;
}

export function users(db: Database, page: PageRequest): RowPage<UserRow> {
  const sort = { columns: ['name'], descending: false };
  return readPage<UserRow>(db, 'SELECT name, state FROM users', new Conditions(), sort, page, (row) => [
    row.name,
  ]);
}

export function userCount(db: Database): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM users')?.n ?? 0;
}

/** @throws VersionConflictError, FatalError USER_NAME_TAKEN, USERS_EXIST */
export function saveUser(db: Database, input: UserInput, expectedVersion: number, first: boolean): void {
  if (first && userCount(db) > 0)
    throw new FatalError('USERS_EXIST', 'the first user was set up before', {
      hint: 'Sign in as an administrator and add users from there.',
    });
  const stored =
    db.get<{ version: number }>('SELECT version FROM users WHERE id = ?', input.id)?.version ?? 0;
  if (stored !== expectedVersion) throw new VersionConflictError('user', input.id, expectedVersion, stored);
  const named = db.get<{ id: string }>('SELECT id FROM users WHERE name = ?', input.name);
  if (named && named.id !== input.id)
    throw new FatalError('USER_NAME_TAKEN', `a user named ${input.name} exists already`, {
      hint: 'Choose another name.',
    });
  db.run(
    `INSERT INTO users (id, name, issuer, subject, version, state) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, issuer = excluded.issuer, subject = excluded.subject, version = excluded.version, state = excluded.state`,
    input.id,
    input.name,
    input.issuer,
    input.subject,
    input.version,
    input.state,
  );
}

export interface SessionRow {
  id: string;
  user_id: string;
  created_at: number;
  seen_at: number;
  expires_at: number;
  address: string;
  agent: string;
}

export function openSession(db: Database, session: SessionRecord, replaces?: string): void {
  if (replaces !== undefined) db.run('DELETE FROM sessions WHERE id = ?', replaces);
  db.run(
    'INSERT INTO sessions (id, user_id, created_at, seen_at, expires_at, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?)',
    session.id,
    session.userId,
    session.createdAt,
    session.seenAt,
    session.expiresAt,
    session.address,
    session.agent,
  );
}

export function session(db: Database, id: string): { session: SessionRow; user: string } | undefined {
  const row = db.get<SessionRow>('SELECT * FROM sessions WHERE id = ?', id);
  const owner = row && user(db, row.user_id);
  return row && owner !== undefined ? { session: row, user: owner } : undefined;
}

export function touchSession(db: Database, id: string, at: number): void {
  db.run('UPDATE sessions SET seen_at = max(seen_at, ?) WHERE id = ?', at, id);
}

/** Indexes sessions_user and sessions_created. */
export function sessions(
  db: Database,
  filter: { userId?: string; now: number },
  page: PageRequest,
): RowPage<SessionRow> {
  const conditions = new Conditions().equal('user_id', filter.userId).add('expires_at > ?', filter.now);
  const sort = { columns: ['created_at', 'id'], descending: true };
  return readPage<SessionRow>(db, 'SELECT * FROM sessions', conditions, sort, page, (row) => [
    row.created_at,
    row.id,
  ]);
}

export function endSessions(
  db: Database,
  which: { id: string } | { userId: string; except?: string } | { expiredAt: number },
): number {
  if ('id' in which) return db.run('DELETE FROM sessions WHERE id = ?', which.id).changes;
  if ('userId' in which)
    return db.run('DELETE FROM sessions WHERE user_id = ? AND id <> ?', which.userId, which.except ?? '')
      .changes;
  return db.run('DELETE FROM sessions WHERE expires_at <= ?', which.expiredAt).changes;
}
