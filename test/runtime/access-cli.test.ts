/** People, tokens and the audit at the command line, beside or without a running runtime. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openTokenStore } from '../../lib/gateway/tokens';
import { tempDir } from '../support';
import { command } from './scene';

describe('reroute users, tokens and audit', () => {
  const dataDir = tempDir('access-cli');
  const reroute = (words: string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], {
      env: { PATH: process.env.PATH, REROUTE_DATA_DIR: dataDir },
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const json = (words: string[], input = '') => {
    const answer = reroute(words, input);
    assert.equal(answer.status, 0, answer.stderr);
    return JSON.parse(answer.stdout) as Record<string, unknown>;
  };
  const tamper = (sql: string) => {
    const db = new DatabaseSync(join(dataDir, 'ledger.db'));
    db.exec(sql);
    db.close();
  };

  it('add a person with a password from a pipe, change what they may do, and refuse them', () => {
    const limits = ['--role', 'operator', '--region', 'DE', 'AT'];
    const added = json(['users', 'add', 'Kim', ...limits], 'seven quiet lighthouses\n');
    assert.deepEqual([added.name, added.role, added.scope], ['kim', 'operator', { regions: ['DE', 'AT'] }]);
    assert.ok(!JSON.stringify(added).includes('scrypt'));
    assert.match(reroute(['users', 'add', 'lee', '--role', 'viewer'], 'short\n').stderr, /needs at least 12/);
    const changed = json([
      'users',
      'roles',
      'kim',
      '--role',
      'supervisor',
      '--unlimited',
      '--reason',
      'promoted',
    ]);
    assert.deepEqual([changed.role, changed.scope], ['supervisor', undefined]);
    assert.equal(json(['users', 'disable', 'kim', '--reason', 'left']).state, 'disabled');
    assert.match(reroute(['users', 'list']).stdout, /^kim\tsupervisor\tdisabled$/m);
  });

  it('make a limited token that ends, show it once, and take it back', () => {
    const words = [
      'tokens',
      'create',
      '--name',
      'bridge',
      '--role',
      'operator',
      '--partner',
      'acme',
      '--days',
      '2',
    ];
    const { token } = json(words);
    const store = openTokenStore({ dataDir });
    const caller = store.authenticate(String(token), Date.now());
    assert.deepEqual(caller, { actor: 'token:bridge', role: 'operator', scope: { partners: ['acme'] } });
    assert.equal(
      openTokenStore({ dataDir }).authenticate(String(token), Date.now() + 3 * 86_400_000),
      undefined,
    );
    assert.ok(!reroute(['tokens', 'list']).stdout.includes(String(token).slice(-43)));
    assert.equal(reroute(['tokens', 'revoke', 'bridge']).status, 0);
    assert.equal(openTokenStore({ dataDir }).authenticate(String(token), Date.now()), undefined);
  });

  it('leave all of that in the audit, which shows what was done to it', () => {
    assert.match(reroute(['audit', 'verify']).stdout, /^5 entries in 16 chains, unbroken/);
    tamper("UPDATE audit SET reason = 'of her own free will' WHERE reason = 'left'");
    const changed = reroute(['audit', 'verify']);
    assert.equal(changed.status, 1);
    assert.match(changed.stderr, /audit trail was changed.*"seq":3,"reason":"hash"/);
  });
});
