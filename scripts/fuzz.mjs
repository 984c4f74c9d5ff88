// `npm run test:fuzz`: ten thousand damaged payloads for each connector that reads any, on a heap that a leak would fill.
//   node scripts/fuzz.mjs [RUNS] [-g CONNECTOR]
// The tests run on the Node that the package brings along, whatever Node started this: they measure the processor time of a thread.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runtime } from './ensure.mjs';

const HEAP_MB = 384;
const given = process.argv.slice(2);
const runs = /^\d+$/.test(given[0] ?? '') ? given.shift() : '10000';
const args = [join(root, 'scripts', 'test.mjs'), 'dist/test/connectors/fuzz.test.js', ...given];
const child = spawn(existsSync(runtime) ? runtime : process.execPath, args, {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    FUZZ_RUNS: runs,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --max-old-space-size=${HEAP_MB}`.trim(),
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
