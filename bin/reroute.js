#!/usr/bin/env node
// The `reroute` command. Runs on any Node from 20 on and hands over to the Node 24 among the dependencies when the
// running one is older.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const Module = require('node:module');
const { constants } = require('node:os');
const { dirname, join } = require('node:path');

const cli = join(__dirname, '..', 'dist', 'lib', 'cli', 'main.js');
const args = process.argv.slice(2);

function fail(text) {
  process.stderr.write(`reroute: ${text}\n`);
  process.exit(1);
}

/** Where the `node` package lies: beside us in a checkout, above us when npm has hoisted it. */
function bundledNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    return join(dirname(require.resolve('node/package.json')), 'bin', name);
  } catch {
    return fail('Node 24 is missing among the dependencies. Run: npm install');
  }
}

function handOver(node) {
  const child = spawn(node, [cli, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl+C to the whole group: the child has it already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

if (!existsSync(cli)) fail('this copy is not built yet. Run: npm run build');
if (Number(process.versions.node.split('.')[0]) >= 24) {
  process.argv = [process.argv[0], cli, ...args];
  Module.runMain();
} else {
  handOver(bundledNode());
}
