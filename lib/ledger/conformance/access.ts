/** Users and sessions: unique names, compare-and-set, sessions that end when they are told to. */
import assert from 'node:assert/strict';
import { FatalError, VersionConflictError } from '../../model/errors';
import type { SessionRecord, UserRecord } from '../access';
import type { Ledger } from '../port';
import { nextId } from './builders';
import { type LedgerHarness, readAll } from './harness';

export function aUser(overrides: Partial<UserRecord> = {}): UserRecord {
  const id = nextId('user');
  return {
    id,
    name: id,
    role: 'viewer',
    state: 'active',
    createdAt: 1000,
    updatedAt: 1000,
    version: 1,
    ...overrides,
  };
}

export function aSession(userId: string, overrides: Partial<SessionRecord> = {}): SessionRecord {
  const id = nextId('session');
  return {
    id,
    userId,
    createdAt: 1000,
    seenAt: 1000,
    expiresAt: 9000,
    address: '::1',
    agent: 'test',
    ...overrides,
  };
}

export function accessConformance(harness: LedgerHarness): void {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await harness.open();
  });
  afterEach(() => harness.close());

  describe('users', () => {
    it('are found by id, by name in any case and by whom a provider knows them as, also after a restart', async () => {
      const user = aUser({
        name: 'Ada',
        scope: { regions: ['DE'], partners: ['acme'] },
        external: { issuer: 'https://op', subject: 's1' },
      });
      await ledger.saveUser(user, 0);
      const again = await harness.reopen();
      const kept = { ...user, name: 'ada' };
      assert.deepEqual(await again.user(user.id), kept);
      assert.deepEqual(await again.userByName('ADA'), kept);
      assert.deepEqual(await again.userByExternal('https://op', 's1'), kept);
      assert.equal(await again.userByExternal('https://other', 's1'), undefined);
      assert.equal(await again.userCount(), 1);
    });

    it('of one name exist once, and change under compare-and-set only', async () => {
      const user = aUser({ name: 'ada' });
      await ledger.saveUser(user, 0);
      await assert.rejects(ledger.saveUser(aUser({ name: 'ADA' }), 0), { code: 'USER_NAME_TAKEN' });
      await ledger.saveUser({ ...user, role: 'admin', version: 2 }, 1);
      await assert.rejects(ledger.saveUser({ ...user, role: 'viewer', version: 2 }, 1), VersionConflictError);
      assert.equal((await ledger.userByName('ada'))?.role, 'admin');
    });

    it('have one first among them, however many ask at once', async () => {
      const answers = await Promise.allSettled(
        Array.from({ length: 5 }, () => ledger.saveUser(aUser(), 0, true)),
      );
      assert.equal(answers.filter((answer) => answer.status === 'fulfilled').length, 1);
      assert.equal(await ledger.userCount(), 1);
      await assert.rejects(ledger.saveUser(aUser(), 0, true), FatalError);
    });

    it('are listed by name in pages', async () => {
      for (const name of ['c', 'a', 'b']) await ledger.saveUser(aUser({ name }), 0);
      const all = await readAll((cursor) =>
        ledger.users({ limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
      );
      assert.deepEqual(
        all.map((user) => user.name),
        ['a', 'b', 'c'],
      );
    });
  });

  describe('sessions', () => {
    it('come with their user, and a new one takes the place of the one it replaces', async () => {
      const user = aUser();
      await ledger.saveUser(user, 0);
      const first = aSession(user.id);
      const second = aSession(user.id, { createdAt: 2000 });
      await ledger.openSession(first);
      assert.deepEqual(await ledger.session(first.id), { session: first, user });
      await ledger.openSession(second, first.id);
      assert.equal(await ledger.session(first.id), undefined);
      await ledger.touchSession(second.id, 5000);
      await ledger.touchSession(second.id, 4000);
      assert.equal((await ledger.session(second.id))?.session.seenAt, 5000);
    });

    it('end one by one, with their user but for one, or by their age', async () => {
      const [ada, eve] = [aUser(), aUser()];
      await ledger.saveUser(ada, 0);
      await ledger.saveUser(eve, 0);
      const mine = [
        aSession(ada.id),
        aSession(ada.id, { createdAt: 2000 }),
        aSession(ada.id, { createdAt: 3000 }),
      ];
      const hers = aSession(eve.id, { expiresAt: 2000 });
      for (const session of [...mine, hers]) await ledger.openSession(session);
      const listed = async (filter: { userId?: string; now: number }) =>
        (await ledger.sessions(filter, { limit: 10 })).items.map((session) => session.id);
      const ids = mine.map((session) => session.id).reverse();
      assert.deepEqual(await listed({ userId: ada.id, now: 0 }), ids);
      assert.deepEqual(await listed({ now: 2000 }), ids);
      assert.equal(await ledger.endSessions({ id: ids[0] ?? '' }), 1);
      assert.equal(await ledger.endSessions({ userId: ada.id, except: ids[1] ?? '' }), 1);
      assert.deepEqual(await listed({ userId: ada.id, now: 0 }), [ids[1]]);
      assert.equal(await ledger.endSessions({ expiredAt: 2000 }), 1);
      assert.equal(await ledger.session(hers.id), undefined);
    });
  });
}
