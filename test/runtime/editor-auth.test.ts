/** Who gets into the editor, and as whom. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { Access } from '../../lib/gateway/access/access';
import { addUser } from '../../lib/gateway/access/users';
import type { Role } from '../../lib/gateway/roles';
import { openLedger } from '../../lib/ledger/open';
import type { Ledger } from '../../lib/ledger/port';
import { editorAuth } from '../../lib/runtime/editor-auth';
import { tempDir } from '../support';

const password = 'seven quiet lighthouses';

interface Auth {
  users(name: string): Promise<{ username: string; permissions: string } | null>;
  authenticate(name: string, password: string): Promise<{ username: string } | null>;
  tokens(token: string): Promise<{ username: string } | null>;
  default(): Promise<null>;
}

describe('The editor', () => {
  const known: Record<string, { actor: string; role: Role }> = {
    boot: { actor: 'token:bootstrap', role: 'admin' },
    ana: { actor: 'token:ana', role: 'analyst' },
    otto: { actor: 'token:otto', role: 'operator' },
  };
  let ledger: Ledger;
  let auth: Auth;
  let access: Access;
  before(async () => {
    ledger = await openLedger(`sqlite:${join(tempDir('editor-auth'), 'ledger.db')}`, { partitions: 1 });
    const tokens = {
      authenticate: (token: string) => known[token],
      byName: (name: string) => Object.values(known).find((one) => one.actor === `token:${name}`),
    };
    const settings = { passwordCost: { ln: 8, r: 8, p: 1 } };
    const deps = { ledger, now: Date.now, newId: uuidv7 };
    access = new Access({ ledger, tokens, now: Date.now, settings });
    auth = editorAuth({ ...deps, tokens, access }) as unknown as Auth;
    const by = { actor: 'test', reason: 'test' };
    const people = { ...deps, passwords: access.passwords };
    await addUser(people, { name: 'paula', role: 'analyst', password }, by);
    await addUser(people, { name: 'anna', role: 'analyst', password }, by);
    await addUser(people, { name: 'vera', role: 'viewer', password }, by);
    await addUser(people, { name: 'rita', role: 'analyst', password, scope: { regions: ['DE'] } }, by);
  });
  after(() => ledger.close());

  it('lets a person in by name and password, until the rights are gone', async () => {
    assert.equal((await auth.authenticate('Paula', password))?.username, 'user:paula');
    assert.equal((await auth.users('user:paula'))?.permissions, '*');
    const paula = await ledger.userByName('paula');
    assert.ok(paula);
    await ledger.saveUser({ ...paula, state: 'disabled', version: paula.version + 1 }, paula.version);
    assert.equal(await auth.users('user:paula'), null);
    assert.equal(await auth.authenticate('paula', password), null);
  });

  it('opens for a session, as long as that lasts', async () => {
    const opened = async (name: string) => {
      const user = await ledger.userByName(name);
      assert.ok(user);
      return access.sessions.open(user, { address: '::1', agent: 'flow editor', now: Date.now() });
    };
    const session = await opened('anna');
    assert.deepEqual(await auth.tokens(session.secret), { username: 'user:anna', permissions: '*' });
    assert.equal(await auth.tokens((await opened('vera')).secret), null);
    assert.equal(await auth.tokens((await opened('rita')).secret), null);
    await ledger.endSessions({ id: session.session.id });
    assert.equal(await auth.tokens(session.secret), null);
  });

  it('keeps out who may not edit, and who is limited to a part of the house', async () => {
    assert.equal(await auth.authenticate('vera', password), null);
    assert.equal(await auth.authenticate('rita', password), null);
    assert.equal(await auth.users('user:rita'), null);
    assert.equal(await auth.users('nobody'), null);
  });

  it('lets the bootstrap token in as admin, and keeps the session that follows', async () => {
    assert.equal((await auth.authenticate('admin', 'boot'))?.username, 'admin');
    // Node-RED asks for the user of a session by the name that signed in.
    assert.deepEqual(await auth.users('admin'), { username: 'admin', permissions: '*' });
  });

  it('lets an analyst in under the name of the token only', async () => {
    assert.equal((await auth.authenticate('ana', 'ana'))?.username, 'ana');
    assert.equal(await auth.authenticate('admin', 'ana'), null);
    assert.equal((await auth.tokens('ana'))?.username, 'ana');
  });

  it('lets nobody else in', async () => {
    assert.equal(await auth.authenticate('otto', 'otto'), null);
    assert.equal(await auth.tokens('otto'), null);
    assert.equal(await auth.authenticate('admin', 'wrong'), null);
    assert.equal(await auth.tokens(''), null);
    assert.equal(await auth.default(), null);
  });
});
