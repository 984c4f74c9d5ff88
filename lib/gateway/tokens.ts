/**
 * Bearer tokens of the REST API. A token is `rr_<id>_<secret>`; `tokens.json` in the data folder holds the SHA-256 of each,
 * never the token: its secret is 256 random bits, which no slow hash has to protect. `REROUTE_ADMIN_TOKEN` is the bootstrap.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { FatalError } from '../model/errors';
import { isLimited, type Scope, scope } from '../model/scope';
import type { Caller } from './deps';
import { type Role, roles } from './roles';

const tokenRecord = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  name: z.string().min(1).max(100),
  role: z.enum(roles),
  scope: scope.optional(),
  createdBy: z.string().max(200).optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime({ offset: true }),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
const tokenFile = z.strictObject({ version: z.literal(1), tokens: z.array(tokenRecord) });
export type TokenRecord = z.infer<typeof tokenRecord>;

export interface TokenStore {
  /** Who holds the token; undefined for an unknown, expired or malformed one. */
  authenticate(token: string, now: number): Caller | undefined;
  /** Whether a token of this name is in force: what keeps an editor session alive. */
  byName(name: string, now: number): Caller | undefined;
}

export interface TokenStoreOptions {
  dataDir: string;
  /** Bootstrap token with role admin. */
  adminToken?: string;
  /** Told when `tokens.json` cannot be used; until it can, its tokens are refused. */
  onError?: (error: unknown) => void;
}

const pattern = /^rr_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
/** Names under which others act: the bootstrap token, which signs in to the editor as `admin`, and people. */
const reserved = /^(bootstrap$|admin$|user:)/;
/** A revoked token is refused after this time at the latest, milliseconds. */
const recheckMs = 1_000;

export function openTokenStore(options: TokenStoreOptions): TokenStore {
  const path = tokenPath(options.dataDir);
  const bootstrap =
    options.adminToken === undefined || options.adminToken === '' ? undefined : sha256(options.adminToken);
  let known = new Map<string, TokenRecord>();
  let stamp = '';
  let checkedAt = Number.NEGATIVE_INFINITY;

  const refresh = (now: number, id: string): void => {
    // A token that was made this moment is looked for at once.
    if (known.has(id) && now >= checkedAt && now - checkedAt < recheckMs) return;
    checkedAt = now;
    const seen = stampOf(path);
    if (seen === stamp) return;
    stamp = seen;
    try {
      known = new Map(readTokens(options.dataDir).map((record) => [record.id, record]));
    } catch (error) {
      known = new Map();
      options.onError?.(error);
    }
  };

  const callerOf = (record: TokenRecord | undefined, now: number): Caller | undefined =>
    !record || (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= now)
      ? undefined
      : { actor: `token:${record.name}`, role: record.role, ...(record.scope && { scope: record.scope }) };

  return {
    byName(name, now) {
      if (name === 'bootstrap') return bootstrap && { actor: 'token:bootstrap', role: 'admin' };
      refresh(now, '');
      return callerOf(
        [...known.values()].find((record) => record.name === name),
        now,
      );
    },
    authenticate(token, now) {
      const digest = sha256(token);
      if (bootstrap && timingSafeEqual(digest, bootstrap)) return { actor: 'token:bootstrap', role: 'admin' };
      const id = pattern.exec(token)?.[1];
      if (id === undefined) return undefined;
      refresh(now, id);
      const record = known.get(id);
      if (!record || !timingSafeEqual(digest, Buffer.from(record.sha256, 'hex'))) return undefined;
      return callerOf(record, now);
    },
  };
}

/**
 * Makes a token and adds it to `tokens.json` (mode 0600, replaced as a whole). The token itself is answered once and kept
 * nowhere. Names are unique: the audit shows them.
 * @throws FatalError TOKEN_NAME_TAKEN, TOKENS_UNREADABLE
 */
export function createToken(request: {
  dataDir: string;
  name: string;
  role: Role;
  now: number;
  scope?: Scope | undefined;
  createdBy?: string;
  expiresAt?: number;
}): { token: string; record: TokenRecord } {
  const tokens = readTokens(request.dataDir);
  if (reserved.test(request.name) || tokens.some((record) => record.name === request.name)) {
    throw new FatalError('TOKEN_NAME_TAKEN', `a token named ${request.name} exists already`, {
      hint: 'Choose another name, or revoke that one first.',
    });
  }
  const id = randomBytes(6).toString('hex');
  const token = `rr_${id}_${randomBytes(32).toString('base64url')}`;
  const record = tokenRecord.parse({
    id,
    name: request.name,
    role: request.role,
    ...(isLimited(request.scope) ? { scope: request.scope } : {}),
    ...(request.createdBy === undefined ? {} : { createdBy: request.createdBy }),
    sha256: sha256(token).toString('hex'),
    createdAt: new Date(request.now).toISOString(),
    ...(request.expiresAt === undefined ? {} : { expiresAt: new Date(request.expiresAt).toISOString() }),
  });
  writeTokens(request.dataDir, [...tokens, record]);
  return { token, record };
}

/** Takes a token back, by id or name; false when there is none. */
export function revokeToken(request: { dataDir: string; idOrName: string }): boolean {
  const tokens = readTokens(request.dataDir);
  const rest = tokens.filter((record) => record.id !== request.idOrName && record.name !== request.idOrName);
  if (rest.length === tokens.length) return false;
  writeTokens(request.dataDir, rest);
  return true;
}

/** @throws FatalError TOKENS_UNREADABLE when the file is there and is not what it should be */
export function readTokens(dataDir: string): TokenRecord[] {
  const path = tokenPath(dataDir);
  if (stampOf(path) === '') return [];
  try {
    return tokenFile.parse(JSON.parse(readFileSync(path, 'utf8'))).tokens;
  } catch (cause) {
    throw new FatalError('TOKENS_UNREADABLE', `${path} is not a token file`, {
      hint: 'Repair it, or remove it and create the tokens again.',
      cause,
    });
  }
}

function writeTokens(dataDir: string, tokens: TokenRecord[]): void {
  const path = tokenPath(dataDir);
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

const tokenPath = (dataDir: string): string => join(dataDir, 'tokens.json');
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Tells one state of the file from another; empty when there is none. */
function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats ? `${stats.mtimeNs}:${stats.size}:${stats.ino}` : '';
}
