// Runs the tests of dist/test and ends with one line: `N passed, N failed`, with `, N skipped` when something was.
//   node scripts/test.mjs [--no-skips] [MOCHA ARGUMENTS or TEST FILES...]
// `--no-skips` counts a skipped test as a failed one, for machines that must have every server. Named files run in one
// process; without names, each folder of tests is a process of its own, and as many run side by side as there are lanes
// (TEST_LANES, two unless told): most of them wait for a server most of the time.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './ensure.mjs';

const { summaryLine } = createRequire(import.meta.url)('./mocha/reporter.cjs');
const given = process.argv.slice(2).filter((word) => word !== '--no-skips');
const noSkips = process.argv.includes('--no-skips');
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');

/** Folders whose files each get a process: the longest of all, so that two lanes can share them. Started first. */
const longFolders = ['runtime', 'console', 'ledger', 'engine', 'flowtests'];

/** Lists of files that run in one process each, the long ones first. */
function groups() {
  if (given.some((word) => word.endsWith('.js'))) return [[]];
  const tests = join(root, 'dist', 'test');
  const byFolder = Map.groupBy(
    readdirSync(tests, { recursive: true })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.test.js'))
      .sort(),
    (path) => (path.includes('/') ? path.split('/')[0] : ''),
  );
  const long = longFolders.flatMap((folder) => (byFolder.get(folder) ?? []).map((path) => [path]));
  const rest = [...byFolder].filter(([folder]) => !longFolders.includes(folder)).map(([, paths]) => paths);
  return [...long, ...rest.sort((a, b) => b.length - a.length)].map((paths) =>
    paths.map((path) => join('dist', 'test', path)),
  );
}

/** Without counts mocha did not get to its end: that is a failure of its own, whatever its exit code said. */
function countsFrom(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  console.log('mocha ended before it had run the tests; its reason stands above.');
  return { passed: 0, failed: 1, skipped: 0 };
}

const folder = mkdtempSync(join(tmpdir(), 'reroute-counts-'));
const children = new Set();

/** Runs one group; what it prints is shown in one piece where several run at once. */
async function run(files, number, buffered) {
  const countsFile = join(folder, `${number}.json`);
  // The variable is set for mocha alone, by its own name: the product refuses REROUTE_ names that it does not know.
  const child = spawn(process.execPath, [mocha, ...given, ...files], {
    cwd: root,
    stdio: buffered ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, TEST_COUNTS_FILE: countsFile },
  });
  children.add(child);
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(chunk));
  const [code, signal] = await new Promise((resolve) => child.on('close', (...ended) => resolve(ended)));
  children.delete(child);
  process.stdout.write(Buffer.concat(printed));
  return { counts: countsFrom(countsFile), status: signal ? 128 + constants.signals[signal] : code };
}

let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopped = true;
    for (const child of children) child.kill(signal);
  });
}

const todo = groups().map((files, number) => ({ files, number }));
const buffered = todo.length > 1;
const results = [];
const lane = async () => {
  for (let next = todo.shift(); next && !stopped; next = todo.shift())
    results.push(await run(next.files, next.number, buffered));
};
await Promise.all(Array.from({ length: Number(process.env.TEST_LANES ?? 2) || 1 }, lane));
rmSync(folder, { recursive: true, force: true });

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const { counts: some } of results) for (const name of Object.keys(counts)) counts[name] += some[name];
if (noSkips && counts.skipped > 0) {
  console.log(`${counts.skipped} skipped tests count as failed here.`);
  counts.failed += counts.skipped;
  counts.skipped = 0;
}
const status = results.find((result) => result.status !== 0)?.status ?? (stopped ? 1 : 0);
if (status !== 0 && counts.failed === 0) counts.failed = 1;
console.log(summaryLine(counts));
process.exitCode = status || (counts.failed > 0 ? 1 : 0);
