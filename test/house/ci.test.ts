import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { onPath, root, tempDir } from '../support';

interface World {
  /** Exit codes and output of the commands that `.ci/run` calls. */
  install?: string;
  check?: string;
  test: string;
  servers?: string[];
  apt?: string;
}

/** Runs a copy of `.ci/run` among stand-ins for npm and apt-get, which write down how they were called. */
function ciRun({
  install = 'exit 0',
  check = 'exit 0',
  test,
  servers = ['redis-server', 'postgres', 'mosquitto', 'openssl', 'chromium', 'trytond'],
  apt = 'exit 0',
}: World) {
  const folder = tempDir('ci');
  const bin = join(folder, 'bin');
  const calls = join(folder, 'calls');
  const script = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!${onPath('bash')}\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  mkdirSync(bin);
  mkdirSync(join(folder, '.ci'));
  copyFileSync(join(root, '.ci', 'run'), join(folder, '.ci', 'run'));
  const note = `echo "$(basename "$0") $*" >> ${calls}`;
  script(
    'npm',
    `${note}\ncase "$1 $2" in "ci "*) ${install};; "run check") ${check};; "test "*) ${test};; esac`,
  );
  script('apt-get', `${note}\n${apt}`);
  script('sudo', 'shift; exec "$@"');
  for (const name of servers) script(name, 'exit 0');
  for (const name of ['bash', 'env', 'id', 'dirname', 'basename', 'mktemp', 'rm', 'tee', 'grep', 'tail']) {
    symlinkSync(onPath(name) ?? '', join(bin, name));
  }
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), [], {
    env: { PATH: bin },
    encoding: 'utf8',
  });
  return {
    code: status,
    lastLine: stdout.trimEnd().split('\n').at(-1),
    calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [],
  };
}

describe('The CI entry', () => {
  it('installs cleanly, checks, tests without skips, and ends with the counts', () => {
    const run = ciRun({ test: 'echo "12 passed, 0 failed"' });
    assert.deepEqual(run.calls, ['npm ci --no-audit --no-fund', 'npm run check', 'npm test -- --no-skips']);
    assert.equal(run.lastLine, '12 passed, 0 failed');
    assert.equal(run.code, 0);
  });

  it('fails with the tests, and the counts stay last whatever npm says after them', () => {
    const run = ciRun({ test: 'echo "11 passed, 1 failed"; echo "npm error code 1" >&2; exit 1' });
    assert.equal(run.lastLine, '11 passed, 1 failed');
    assert.equal(run.code, 1);
  });

  it('counts a failed check as a failure, and runs the tests all the same', () => {
    const run = ciRun({ check: 'exit 1', test: 'echo "12 passed, 0 failed"' });
    assert.equal(run.lastLine, '12 passed, 1 failed');
    assert.equal(run.code, 1);
  });

  it('fails when the tests end without counts or with skipped ones', () => {
    for (const test of ['exit 0', 'exit 1', 'echo "12 passed, 0 failed, 3 skipped"']) {
      const run = ciRun({ test });
      assert.equal(run.lastLine, '0 passed, 1 failed', test);
      assert.equal(run.code, 1, test);
    }
  });

  it('fails when the installation does', () => {
    const run = ciRun({ install: 'exit 1', test: 'echo "12 passed, 0 failed"' });
    assert.equal(run.lastLine, '0 passed, 1 failed');
    assert.equal(run.code, 1);
  });

  it('asks the distribution only for what is absent, and goes on when its lists cannot be renewed', () => {
    // A server that this machine keeps outside PATH counts as present too, so the absent one is taken from PATH alone.
    const run = ciRun({
      test: 'echo "1 passed, 0 failed"',
      servers: ['redis-server', 'postgres', 'mosquitto', 'openssl', 'trytond'],
      apt: '[ "$1" != update ]',
    });
    assert.deepEqual(run.calls.slice(0, 2), [
      'apt-get update -q',
      'apt-get install -qy --no-install-recommends chromium',
    ]);
    assert.equal(run.code, 0);
  });

  it('fails when a server can be had nowhere', () => {
    const run = ciRun({
      test: 'echo "1 passed, 0 failed"',
      servers: ['redis-server', 'postgres', 'mosquitto', 'openssl', 'trytond'],
      apt: 'exit 100',
    });
    assert.equal(run.lastLine, '0 passed, 1 failed');
    assert.equal(run.code, 1);
  });
});
