/** AccessStore over the channels. */
import type { AccessStore, SessionRecord, UserRecord } from '../../access';
import type { SessionRow } from '../sql/access';
import { type Channels, toPage } from './codec';

export function accessStore({ writer }: Channels): AccessStore {
  return {
    user: async (id) => toUser(await writer.call('user', id)),
    userByName: async (name) => toUser(await writer.call('userByName', name)),
    userByExternal: async (issuer, subject) => toUser(await writer.call('userByExternal', issuer, subject)),
    users: async (page) =>
      toPage(await writer.call('users', page), (row) => JSON.parse(row.state) as UserRecord),
    userCount: () => writer.call('userCount'),
    saveUser: (user, expectedVersion, first = false) =>
      writer.call(
        'saveUser',
        {
          id: user.id,
          name: user.name.toLowerCase(),
          issuer: user.external?.issuer,
          subject: user.external?.subject,
          version: user.version,
          state: JSON.stringify({ ...user, name: user.name.toLowerCase() }),
        },
        expectedVersion,
        first,
      ),
    openSession: (session, replaces) => writer.call('openSession', session, replaces),
    async session(id) {
      const row = await writer.call('session', id);
      return row && { session: toSession(row.session), user: JSON.parse(row.user) as UserRecord };
    },
    touchSession: (id, at) => writer.call('touchSession', id, at),
    sessions: async (filter, page) => toPage(await writer.call('sessions', filter, page), toSession),
    endSessions: (which) => writer.call('endSessions', which),
  };
}

function toUser(text: string | undefined): UserRecord | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as UserRecord);
}

function toSession(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    userId: row.user_id,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    address: row.address,
    agent: row.agent,
  };
}
