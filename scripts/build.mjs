// Compiles the project into dist/ (or `--out DIR`) and copies what tsc does not: node forms, locales, icons, data files.
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
import { dirname, join, relative } from 'node:path';
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
    if (name.startsWith('.')) continue;
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
