// Compiles the project into dist/ (or `--out DIR`) and copies what tsc does not: node forms, locales, icons, data files.
// The operators' console is bundled into dist/console; each of the two is left alone while its own sources stay the same.
// `--force` builds even when nothing changed; `--lenient` goes on where types do not check.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sourceDirs = ['lib', 'nodes', 'sandbox', 'bench', 'test', 'scripts'];
const assetEndings = ['.html', '.json', '.svg', '.png', '.csv', '.edi', '.xml', '.yaml', '.sql'];

function* walk(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

/** Sources of the console. Of the rest of the project it names types alone, which are gone in the bundle. */
function consoleSources() {
  const folder = join(root, 'console');
  return existsSync(folder) ? [join(root, 'package-lock.json'), ...walk(folder)] : [];
}

function sources() {
  const files = ['settings.ts', 'tsconfig.json', 'package.json']
    .map((name) => join(root, name))
    .filter(existsSync);
  for (const dir of sourceDirs) if (existsSync(join(root, dir))) files.push(...walk(join(root, dir)));
  return files;
}

/** The names decide too: a renamed file keeps its time and the number of files. */
const namesOf = (files) =>
  createHash('sha256')
    .update([...files].sort().join('\n'))
    .digest('hex');

/** True when nothing under the source folders changed (added, removed, renamed or written) since the last build. */
function isFresh(files, stampFile) {
  if (!existsSync(stampFile)) return false;
  const built = JSON.parse(readFileSync(stampFile, 'utf8'));
  return built.names === namesOf(files) && files.every((file) => statSync(file).mtimeMs <= built.at);
}

function compile(outDir) {
  const tsc = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  const args = [tsc, '-p', root, '--outDir', outDir, '--tsBuildInfoFile', join(outDir, '.tsbuildinfo')];
  return spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
}

/** Deletes what an earlier build left of sources that are gone, so that a removed test does not go on running. */
function prune(outDir) {
  for (const file of existsSync(outDir) ? [...walk(outDir)] : []) {
    const name = relative(outDir, file);
    if (name.startsWith('.') || name.startsWith(`console${sep}`)) continue;
    const source = join(root, name.replace(/\.js(\.map)?$/, '.ts'));
    if (!existsSync(source) && !existsSync(join(root, name))) rmSync(file);
  }
}

function copyAssets(files, outDir) {
  for (const file of files) {
    if (!assetEndings.some((ending) => file.endsWith(ending)) || file.endsWith('tsconfig.json')) continue;
    const target = join(outDir, relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(file, target);
  }
}

/**
 * Builds when a source changed since the last build.
 * @returns the exit code: 0 when `outDir` is up to date, else the compiler's.
 */
export function build({ outDir = join(root, 'dist'), force = false, lenient = false } = {}) {
  return compileAll(outDir, force, lenient) || bundleConsole(outDir, force);
}

function bundleConsole(outDir, force) {
  const files = consoleSources();
  const stampFile = join(outDir, '.console-built');
  if (files.length === 0 || (!force && isFresh(files, stampFile))) return 0;
  const startedAt = Date.now();
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const config = join(root, 'console', 'vite.config.mjs');
  const args = [vite, 'build', '--config', config, '--outDir', join(outDir, 'console'), '--logLevel', 'warn'];
  // What a build leaves behind depends on its own mode, not on the one that the caller runs in.
  const env = { ...process.env, NODE_ENV: 'production' };
  const status =
    spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status ?? 1;
  if (status === 0) writeFileSync(stampFile, JSON.stringify({ at: startedAt, names: namesOf(files) }));
  return status;
}

function compileAll(outDir, force, lenient) {
  const files = sources();
  const stampFile = join(outDir, '.built');
  if (!force && isFresh(files, stampFile)) return 0;
  const startedAt = Date.now();
  const status = compile(outDir);
  if (status !== 0 && !lenient) return status;
  prune(outDir);
  copyAssets(files, outDir);
  writeFileSync(stampFile, JSON.stringify({ at: startedAt, names: namesOf(files) }));
  return 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  const flag = (name) => process.argv.includes(name);
  const out = flag('--out') ? process.argv[process.argv.indexOf('--out') + 1] : 'dist';
  process.exitCode = build({
    outDir: join(root, out),
    force: flag('--force'),
    lenient: flag('--lenient'),
  });
}
