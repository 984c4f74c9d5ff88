/** People and their sessions: who may come in, and who is in. Secrets are here as hashes only. */
import type { Scope } from '../model/scope';
import type { Page, PageRequest } from './port';

export interface UserRecord {
  id: string;
  /** Unique whatever its case; kept in lower case. */
  name: string;
  displayName?: string;
  role: string;
  scope?: Scope;
  state: 'active' | 'disabled';
  /** Self-describing hash; absent for people who sign in elsewhere. */
  passwordHash?: string;
  /** Whom an OpenID provider knows them as; unique together. */
  external?: { issuer: string; subject: string };
  createdAt: number;
  updatedAt: number;
  passwordChangedAt?: number;
  lastSignInAt?: number;
  /** 1 for a new user; counts up with every change. */
  version: number;
}

export interface SessionRecord {
  /** SHA-256 of the session's secret, hex. */
  id: string;
  userId: string;
  createdAt: number;
  seenAt: number;
  /** Ends then, used or not. */
  expiresAt: number;
  address: string;
  agent: string;
}

export interface AccessStore {
  user(id: string): Promise<UserRecord | undefined>;
  userByName(name: string): Promise<UserRecord | undefined>;
  userByExternal(issuer: string, subject: string): Promise<UserRecord | undefined>;
  /** By name. */
  users(page: PageRequest): Promise<Page<UserRecord>>;
  userCount(): Promise<number>;
  /**
   * Adds a user (`expectedVersion` 0) or changes one under compare-and-set; `first` adds only when there is no user at all.
   * @throws VersionConflictError; FatalError USER_NAME_TAKEN, USERS_EXIST
   */
  saveUser(user: UserRecord, expectedVersion: number, first?: boolean): Promise<void>;
  /** Begins a session and ends the one it replaces, in one commit. */
  openSession(session: SessionRecord, replaces?: string): Promise<void>;
  /** A session with its user, in one read; expired ones too. */
  session(id: string): Promise<{ session: SessionRecord; user: UserRecord } | undefined>;
  touchSession(id: string, at: number): Promise<void>;
  /** Newest first. */
  sessions(filter: { userId?: string; now: number }, page: PageRequest): Promise<Page<SessionRecord>>;
  /** Ends sessions: by id, of a user (but for one), or those that expired before a time. Answers how many. */
  endSessions(
    which: { id: string } | { userId: string; except?: string } | { expiredAt: number },
  ): Promise<number>;
}
