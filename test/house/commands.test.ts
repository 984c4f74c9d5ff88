import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { onPath, root, startProcess, tempDir, waitUntil } from '../support';

const lock = (version: string): string =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { version },
      'node_modules/b': { version: '1.0.0', optional: true },
    },
  });

/**
 * A checkout with nothing installed. Its npm is a stand-in that writes down the call and "installs": the lock's copy, and this
 * machine's Node as the one that comes with the dependencies. Its compiler writes a command line that says what it got.
 */
function checkout() {
  const folder = tempDir('checkout');
  const calls = join(folder, 'calls');
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'package-lock.json'), lock('1.0.0'));
  mkdirSync(join(folder, 'lib', 'cli'), { recursive: true });
  writeFileSync(join(folder, 'lib', 'cli', 'main.ts'), 'export {};');
  const compiler = `
    import { mkdirSync, writeFileSync, appendFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(calls)}, 'tsc\\n');
    mkdirSync('dist/lib/cli', { recursive: true });
    writeFileSync('dist/lib/cli/main.js', "if (require.main === module) { if (process.argv[3] === 'wait') { process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(7); }); setInterval(() => {}, 1000); } console.log('cli ' + process.argv.slice(2).join(' ')); }");`;
  writeFileSync(join(folder, 'compiler.txt'), compiler);
  const npm = join(folder, 'npm.js');
  writeFileSync(
    npm,
    `
    const fs = require('node:fs');
    fs.appendFileSync(${JSON.stringify(calls)}, 'npm ' + process.argv.slice(2, 4).join(' ') + '\\n');
    for (const dir of ['node/bin', 'typescript/lib', '.bin']) fs.mkdirSync('node_modules/' + dir, { recursive: true });
    fs.writeFileSync('node_modules/node/package.json', '{}');
    fs.writeFileSync('node_modules/typescript/package.json', '{"type":"module"}');
    fs.copyFileSync('compiler.txt', 'node_modules/typescript/lib/tsc.js');
    fs.rmSync('node_modules/node/bin/node', { force: true });
    fs.symlinkSync(process.execPath, 'node_modules/node/bin/node');
    fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');`,
  );
  const env = { ...process.env, npm_execpath: npm };
  return {
    folder,
    env,
    run: (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' }),
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    forget: () => writeFileSync(calls, ''),
  };
}

/** Sets a file's time into the future, as a `git checkout` a moment from now would. */
const renew = (path: string): void => utimesSync(path, new Date(), new Date(Date.now() + 60_000));

describe('The start script', () => {
  it('installs, builds and starts in a fresh checkout, and does only the last the second time', () => {
    const { run, calls, forget } = checkout();
    const first = run('scripts/start.mjs', 'now');
    assert.equal(first.stdout, 'cli start now\n', first.stderr);
    assert.deepEqual(calls(), ['npm ci --include=dev', 'tsc']);
    forget();
    assert.equal(run('scripts/start.mjs').stdout, 'cli start\n');
    assert.deepEqual(calls(), ['']);
  });

  it('installs again when the lock file asks for another version, not when only its time changed', () => {
    const { folder, run, calls, forget } = checkout();
    run('scripts/start.mjs');
    forget();
    renew(join(folder, 'package-lock.json'));
    run('scripts/start.mjs');
    assert.deepEqual(calls(), ['']);
    writeFileSync(join(folder, 'package-lock.json'), lock('2.0.0'));
    renew(join(folder, 'package-lock.json'));
    run('scripts/start.mjs');
    assert.deepEqual(calls(), ['npm ci --include=dev']);
  });

  it('builds again when a source was written, added, renamed or removed', () => {
    const { folder, run, calls, forget } = checkout();
    run('scripts/start.mjs');
    const change = (command: string): void => {
      forget();
      assert.equal(spawnSync('sh', ['-c', command], { cwd: join(folder, 'lib') }).status, 0);
      run('scripts/start.mjs');
      assert.deepEqual(calls(), ['tsc'], command);
    };
    change("echo 'export {};' > b.ts");
    change('mv b.ts c.ts');
    change('rm c.ts');
  });

  it('says so and stops when the installation or the build fails', () => {
    const { folder, run } = checkout();
    writeFileSync(join(folder, 'npm.js'), 'process.exit(4)');
    const install = run('scripts/start.mjs');
    assert.equal(install.status, 4);
    assert.match(install.stderr, /the installation failed/);
    const broken = checkout();
    writeFileSync(join(broken.folder, 'compiler.txt'), 'process.exit(2)');
    const build = broken.run('scripts/start.mjs');
    assert.equal(build.status, 2);
    assert.match(build.stderr, /the build failed/);
  });

  it('runs a command with the Node that comes with the dependencies, and passes its exit code on', () => {
    const { folder, run } = checkout();
    const done = run('scripts/ensure.mjs', 'node', '-e', 'console.log(process.execPath); process.exit(5)');
    assert.equal(done.status, 5);
    const shown = run('scripts/ensure.mjs', 'sh', '-c', 'echo "$PATH"');
    assert.ok(shown.stdout.startsWith(join(folder, 'node_modules', '.bin')));
  });
});

describe('Older versions of Node', () => {
  /** A Node that claims to be version 20, so that the hand-over is tested whatever this machine has. */
  function pretendOld(folder: string): string[] {
    const file = join(folder, 'old.cjs');
    const text =
      "if (process.env.OLD_ONCE) { delete process.env.OLD_ONCE; Object.defineProperty(process.versions, 'node', { value: '20.11.0' }); }";
    writeFileSync(file, text);
    return ['--require', file];
  }

  for (const entry of ['scripts/start.mjs', 'bin/reroute.js']) {
    it(`hand over to Node 24 with signals and exit code: ${entry}`, async () => {
      const { folder, env, run } = checkout();
      run('scripts/start.mjs');
      const args = entry.startsWith('bin') ? ['start', 'wait'] : ['wait'];
      const running = await startProcess(process.execPath, [...pretendOld(folder), entry, ...args], {
        cwd: folder,
        env: { ...env, OLD_ONCE: '1' },
        ready: /^cli start wait$/m,
      });
      const exit = await running.stop('SIGTERM');
      await waitUntil(() => running.output().includes('asked to stop'));
      assert.deepEqual(exit, { code: 7, signal: null });
    });
  }
});

describe('The reroute command', () => {
  it('passes its arguments on', () => {
    const { run } = checkout();
    run('scripts/start.mjs');
    assert.equal(run('bin/reroute.js', 'connectors', 'list').stdout, 'cli connectors list\n');
  });

  it('works through the link that npm makes', () => {
    const { folder, run } = checkout();
    run('scripts/start.mjs');
    symlinkSync(join(folder, 'bin', 'reroute.js'), join(folder, 'linked'));
    chmodSync(join(folder, 'bin', 'reroute.js'), 0o755);
    assert.equal(run('linked', 'x').stdout, 'cli x\n');
  });

  it('says what to do in a copy that is not built', () => {
    const { run } = checkout();
    const done = run('bin/reroute.js');
    assert.equal(done.status, 1);
    assert.match(done.stderr, /not built yet\. Run: npm run build/);
    assert.ok(onPath('npm'));
  });
});
