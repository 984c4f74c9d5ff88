// `npm run check`: types, lint and format, import arrows, generated files, file length. Runs every step even when one fails,
// so that one run shows everything; exits 1 when a step failed.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './ensure.mjs';

const LONG_FILE_LINES = 300;
const script = (name) => join(root, 'scripts', name);

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function types() {
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  const server = run([
    tsc,
    '-p',
    root,
    '--noEmit',
    '--tsBuildInfoFile',
    join(root, '.tmp', 'check.tsbuildinfo'),
  ]);
  return run([tsc, '-p', join(root, 'console')]) && server;
}

function lintAndFormat() {
  return run([
    join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
    'ci',
    '--diagnostic-level=warn',
    '.',
  ]);
}

/** Generators read the compiled schemas, so they need a build; each says by itself which file is stale. */
function generatedFiles() {
  const generators = readdirSync(join(root, 'scripts')).filter((name) => /^generate-.*\.mjs$/.test(name));
  if (generators.length > 0 && build() !== 0) return false;
  return generators.map((name) => run([script(name), '--check'])).every(Boolean);
}

/** A report, not a gate: a long table may be one idea, a person decides. */
function fileLength() {
  const listed = spawnSync('git', ['ls-files', '*.ts', '*.mjs', '*.cjs', '*.tsx'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const name of (listed.stdout ?? '').split('\n')) {
    if (name === '' || name.endsWith('.gen.ts') || name.endsWith('.test.ts')) continue;
    const lines = linesOf(join(root, name));
    if (lines > LONG_FILE_LINES) console.log(`long file: ${name}: ${lines} lines`);
  }
  return true;
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').length;
  } catch {
    // Listed by git, deleted in the working copy.
    return 0;
  }
}

const steps = {
  types,
  'lint and format': lintAndFormat,
  'import arrows': () => run([script('check-arrows.mjs')]),
  'generated files': generatedFiles,
  'file length': fileLength,
};

const failed = [];
for (const [name, step] of Object.entries(steps)) {
  const startedAt = Date.now();
  const good = step();
  if (!good) failed.push(name);
  console.log(`${good ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}
if (failed.length > 0) console.log(`check failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
