// `npm start`: installs and builds as far as needed, then runs `reroute start` with the arguments given.
import Module from 'node:module';
import { join } from 'node:path';
import { ensure, RUNTIME_MAJOR, root, runInPlace, runtime } from './ensure.mjs';

ensure();
const cli = join(root, 'dist', 'lib', 'cli', 'main.js');
const args = ['start', ...process.argv.slice(2)];

if (Number(process.versions.node.split('.')[0]) >= RUNTIME_MAJOR) {
  process.argv = [process.argv[0], cli, ...args];
  Module.runMain();
} else {
  runInPlace(runtime, [cli, ...args]);
}
