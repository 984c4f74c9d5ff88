/** Who gets into the editor, and as whom. */
import assert from 'node:assert/strict';
import type { Role } from '../../lib/gateway/roles';
import { editorAuth } from '../../lib/runtime/editor-auth';

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
  const auth = editorAuth({ authenticate: (token) => known[token] }) as unknown as Auth;

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
