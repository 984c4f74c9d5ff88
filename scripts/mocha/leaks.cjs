// Root hooks: a test file must give back what it took. After the last suite of each file, a child process, a worker
// thread or a listening server that was not there before the file began fails that file, by name.
const diagnostics = require('node:diagnostics_channel');
const { setTimeout: pause } = require('node:timers/promises');

/** How long something that is already on its way out may take to end, in milliseconds. */
const GRACE_MS = 2000;

/** What runs now: the object itself -> a sentence part that names it. */
const running = new Map();

diagnostics.subscribe('child_process', ({ process: child }) => {
  running.set(child, () => `process ${child.pid}: ${(child.spawnargs ?? []).join(' ').slice(0, 200)}`);
  child.once('exit', () => running.delete(child));
  child.once('error', () => child.pid === undefined && running.delete(child));
});

diagnostics.subscribe('worker_threads', ({ worker }) => {
  running.set(worker, () => `worker thread ${worker.threadId}`);
  worker.once('exit', () => running.delete(worker));
});

const listening = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

/** Ends a leaked child or worker, so that the next file does not inherit it. */
async function end(leaked) {
  if (typeof leaked.terminate === 'function') await leaked.terminate();
  else leaked.kill('SIGKILL');
}

/** Waits until `done()` holds or the grace is over. */
async function settle(done) {
  for (let waited = 0; !done() && waited < GRACE_MS; waited += 20) await pause(20);
}

function guard(first, last) {
  let before = { running: new Set(), servers: 0 };
  first.beforeAll('remembers what was running', () => {
    before = { running: new Set(running.keys()), servers: listening() };
  });
  // Added last to both ends: mocha runs hooks in the order in which they were added, and ours must see the file's own
  // `after` done. The remembering hook is moved to the front for the same reason.
  first._beforeAll.unshift(first._beforeAll.pop());
  last.afterAll('gives back every process, worker and server', async () => {
    const fresh = () => [...running.keys()].filter((one) => !before.running.has(one));
    await settle(() => fresh().length === 0 && listening() <= before.servers);
    const names = fresh().map((one) => running.get(one)());
    const servers = listening() - before.servers;
    if (servers > 0) names.push(`${servers} listening server${servers > 1 ? 's' : ''}`);
    await Promise.all(fresh().map(end));
    if (names.length > 0)
      throw new Error(`still running after the last test of this file: ${names.join('; ')}`);
  });
}

exports.mochaHooks = {
  beforeAll() {
    const byFile = new Map();
    for (const suite of this.test.parent.suites) {
      byFile.set(suite.file, [...(byFile.get(suite.file) ?? []), suite]);
    }
    for (const suites of byFile.values()) guard(suites[0], suites[suites.length - 1]);
  },
};
