// Runs the tests of dist/test and ends with one line: `N passed, N failed`, with `, N skipped` when something was.
//   node scripts/test.mjs [--no-skips] [MOCHA ARGUMENTS or TEST FILES...]
// `--no-skips` counts a skipped test as a failed one, for machines that must have every server.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './ensure.mjs';

const { summaryLine } = createRequire(import.meta.url)('./mocha/reporter.cjs');
const given = process.argv.slice(2).filter((word) => word !== '--no-skips');
const noSkips = process.argv.includes('--no-skips');
const named = given.some((word) => word.endsWith('.js'));
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const args = [mocha, ...given, ...(named ? [] : ['dist/test/**/*.test.js'])];

/** Without counts mocha did not get to its end: that is a failure of its own, whatever its exit code said. */
function countsFrom(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  console.log('mocha ended before it had run the tests; its reason stands above.');
  return { passed: 0, failed: 1, skipped: 0 };
}

const folder = mkdtempSync(join(tmpdir(), 'reroute-counts-'));
const countsFile = join(folder, 'counts.json');
// The variable is set for mocha alone, by its own name: the product refuses REROUTE_ names that it does not know.
const child = spawn(process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TEST_COUNTS_FILE: countsFile },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

child.on('exit', (code, signal) => {
  const counts = countsFrom(countsFile);
  rmSync(folder, { recursive: true, force: true });
  if (noSkips && counts.skipped > 0) {
    console.log(`${counts.skipped} skipped tests count as failed here.`);
    counts.failed += counts.skipped;
    counts.skipped = 0;
  }
  const status = signal ? 128 + constants.signals[signal] : code;
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  console.log(summaryLine(counts));
  process.exitCode = status || (counts.failed > 0 ? 1 : 0);
});
