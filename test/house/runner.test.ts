import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../support';
import { root } from '../support/project';

/** Runs mocha with the project's own settings over one file of the given text. */
function runTests(
  text: string,
  flags: string[] = [],
): { code: number | null; output: string; lastLine: string } {
  const file = join(tempDir('runner'), 'sample.test.js');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts', 'test.mjs'), ...flags, file],
    { encoding: 'utf8' },
  );
  return { code: status, output: stdout + stderr, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

const need = JSON.stringify(join(__dirname, '..', 'support', 'need.js'));
const skipping = `
  describe('Queue', () => { before(function () { require(${need}).need(this, 'rabbitmq-server', undefined); }); it('a', () => {}); it('b', () => {}); });
  describe('Sum', () => { it('adds', () => {}); it('asks', function () { require(${need}).need(this, 'bc', undefined); }); });`;

describe('The test runner', () => {
  it('ends with the counts alone on the last line', () => {
    const run = runTests(
      "describe('a', () => { it('holds', () => {}); it('breaks', () => { throw new Error('no') }); });",
    );
    assert.equal(run.lastLine, '1 passed, 1 failed');
    assert.equal(run.code, 1);
  });

  it('names each skipped suite with what is missing', () => {
    const run = runTests(skipping);
    assert.match(run.output, /^skipped: Queue \(rabbitmq-server is not on this machine\): 2 tests$/m);
    assert.match(run.output, /^skipped: Sum \(bc is not on this machine\): 1 test$/m);
    assert.equal(run.lastLine, '1 passed, 0 failed, 3 skipped');
    assert.equal(run.code, 0);
  });

  it('counts what was skipped as failed where nothing may be', () => {
    const run = runTests(skipping, ['--no-skips']);
    assert.equal(run.lastLine, '1 passed, 3 failed');
    assert.equal(run.code, 1);
  });

  it('does not pass when a test file cannot even be loaded', () => {
    const run = runTests("throw new Error('broken file')");
    assert.equal(run.lastLine, '0 passed, 1 failed');
    assert.notEqual(run.code, 0);
  });

  it('does not pass when a test ends the process', () => {
    const run = runTests(
      "describe('a', () => { it('leaves', () => { process.exit(0) }); it('never comes', () => {}); });",
    );
    assert.equal(run.lastLine, '0 passed, 1 failed');
    assert.equal(run.code, 1);
  });

  it('refuses a run that singles out a test', () => {
    const run = runTests("describe('a', () => { it.only('alone', () => {}); it('other', () => {}); });");
    assert.notEqual(run.code, 0);
  });
});

describe('The leak guard', () => {
  it('fails a file that leaves a child process, names it, and ends it', () => {
    const run = runTests(`
      const { spawn } = require('node:child_process');
      describe('leaky', () => { it('starts', () => { spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); }); });`);
    assert.equal(run.lastLine, '1 passed, 1 failed');
    const pid = Number(/still running after the last test of this file: process (\d+)/.exec(run.output)?.[1]);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('fails a file that leaves a worker thread or a listening server', () => {
    const run = runTests(`
      const { Worker } = require('node:worker_threads');
      const { createServer } = require('node:http');
      describe('leaky', () => { it('starts', (done) => {
        new Worker('setInterval(() => {}, 1000)', { eval: true });
        createServer().listen(0, '127.0.0.1', done);
      }); });`);
    assert.match(run.output, /still running .*worker thread \d+; 1 listening server/);
    // Once for the leak, and once because an open server keeps the run from ending.
    assert.equal(run.lastLine, '1 passed, 2 failed');
  });

  it('does not hang on what keeps the process alive, and says what it is', () => {
    const run = runTests("describe('a', () => { it('ticks', () => { setInterval(() => {}, 1000) }); });");
    assert.match(run.output, /the tests are over, but the process is kept alive by: Timeout/);
    assert.equal(run.lastLine, '1 passed, 1 failed');
    assert.equal(run.code, 1);
  });

  it('lets a file pass that gives everything back in its own after hook', () => {
    const run = runTests(`
      const { spawn } = require('node:child_process');
      let child;
      describe('tidy', () => {
        before(() => { child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); });
        after(() => { child.kill(); });
        it('works', () => {});
      });
      describe('tidy too', () => { it('works', () => {}); });`);
    assert.equal(run.lastLine, '2 passed, 0 failed');
  });
});
