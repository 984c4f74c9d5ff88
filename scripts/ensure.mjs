// Makes a fresh copy of the repository runnable: installs when needed, builds when needed, and then runs the given
// command with node_modules/.bin first on PATH, so that `node` means the Node 24 that the package brings along.
//   node scripts/ensure.mjs [--no-build] [COMMAND [ARGS...]]
// Uses nothing but Node 20 itself: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const here = fileURLToPath(import.meta.url);
export const root = join(dirname(here), '..');
const bin = join(root, 'node_modules', '.bin');
const isWindows = process.platform === 'win32';

/** The major version of Node that the product runs on. */
export const RUNTIME_MAJOR = 24;
/** The Node binary that comes with the dependencies. */
export const runtime = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

const say = (text) => process.stderr.write(`reroute: ${text}\n`);
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/**
 * True when node_modules holds what the lock file asks for. The lock file's time is asked first because that is cheap;
 * only when it is newer are the versions compared, since a `git checkout` renews times without changing anything.
 */
export function isInstalled(folder = root) {
  const lock = join(folder, 'package-lock.json');
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  if (statSync(lock).mtimeMs <= statSync(installed).mtimeMs) return true;
  const present = packagesOf(installed);
  return Object.entries(packagesOf(lock)).every(
    ([path, wanted]) => path === '' || wanted.optional === true || present[path]?.version === wanted.version,
  );
}

function install() {
  say('installing dependencies (npm ci), once');
  // npm tells its scripts which npm runs them; on a machine with several, that is the one to use again.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: isWindows && command === 'npm',
  });
  if (done.status !== 0) {
    say('the installation failed. Its reason stands above; "npm ci" in this folder shows it again.');
    process.exit(done.status || 1);
  }
}

/** Installs and builds as far as needed; ends the process with a sentence when that fails. */
export function ensure({ withBuild = true } = {}) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    say(`Node 20 or newer is needed to begin, this is ${process.version}.`);
    process.exit(1);
  }
  if (!isInstalled()) install();
  if (!existsSync(runtime)) {
    say(
      'the "node" package was installed without its install script, so Node 24 is missing. Run: npm rebuild node',
    );
    process.exit(1);
  }
  if (withBuild) {
    const status = build();
    if (status !== 0) {
      say('the build failed. The compiler names each error above.');
      process.exit(status);
    }
  }
}

/**
 * Runs a command in this process's place: shares its terminal, hands on signals, and ends as it ends.
 * @returns nothing useful: the process exits with the command's own code, or dies of the same signal.
 */
export function runInPlace(command, args, env = process.env) {
  const child = spawn(command, args, { stdio: 'inherit', env, shell: isWindows && command === 'npm' });
  const forward = (signal) => () => {
    // A terminal sends Ctrl+C to the whole group: the child has it already, and a second one may mean "stop at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward(signal));
  child.on('error', (error) => {
    say(`${command} could not be started: ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(here)) {
  const words = process.argv.slice(2);
  const withBuild = words[0] !== '--no-build';
  if (!withBuild) words.shift();
  ensure({ withBuild });
  const [command, ...args] = words;
  if (command !== undefined) {
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
    runInPlace(command === 'node' ? runtime : command, args, env);
  }
}
