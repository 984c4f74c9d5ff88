/** Flows that leave errors behind or never end: their runs become dead letters, and the process goes on. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type Running, startProcess, tempDir, waitUntil } from '../support';

const token = 'stray-test-token-0123456789';
const place = { x: 100, y: 100 };

/** One flow that misbehaves as the payload says. */
const flow = [
  { id: 't', type: 'tab', label: 'stray' },
  {
    id: 'p',
    type: 'reroute-partner',
    name: 'fedex',
    partnerId: 'fedex',
    connector: 'fedex',
    endpoint: '',
    secrets: { inboundToken: 'env:STRAY_SECRET' },
    mode: 'automate',
    region: '',
    settings: {},
  },
  { id: 'in', type: 'reroute-partner-in', z: 't', partner: 'p', wires: [['f']], ...place },
  {
    id: 'f',
    type: 'function',
    z: 't',
    name: 'misbehaves',
    outputs: 1,
    timeout: 0,
    noerr: 0,
    initialize: '',
    finalize: '',
    libs: [],
    func: `
      if (msg.payload.how === 'rejects') { Promise.resolve().then(() => { throw new Error('left behind'); }); }
      if (msg.payload.how === 'late') { setTimeout(() => { throw new Error('late'); }, 5); return new Promise((r) => setTimeout(() => r(msg), 50)); }
      if (msg.payload.how === 'endless') { while (true) {} }
      return msg;`,
    wires: [[]],
    ...place,
  },
];

describe('A flow that misbehaves', function () {
  this.timeout(60_000);
  let running: Running | undefined;
  let url: string;

  before(async () => {
    const folder = tempDir('stray');
    mkdirSync(join(folder, 'flows', 'global'), { recursive: true });
    writeFileSync(join(folder, 'flows', 'global', 'stray.json'), JSON.stringify(flow));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    running = await startProcess(process.execPath, [join(__dirname, 'stray-runtime.js')], {
      env: {
        ...process.env,
        PORT: String(port),
        REROUTE_DATA_DIR: join(folder, 'data'),
        REROUTE_FLOWS_DIR: join(folder, 'flows'),
        REROUTE_SANDBOX: 'off',
        REROUTE_ADMIN_TOKEN: token,
        STRAY_SECRET: 'secret',
        LOG_LEVEL: 'fatal',
      },
      ready: () =>
        fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
    });
  });
  after(() => running?.stop());

  async function deadLetterOf(
    how: string,
  ): Promise<{ reason: { code: string; message: string } } & Record<string, unknown>> {
    const answer = await fetch(`${url}/in/fedex`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
      body: JSON.stringify({ how }),
    });
    assert.equal(answer.status, 202);
    const { id } = (await answer.json()) as { id: string };
    return waitUntil(
      async () => {
        const list = await fetch(`${url}/api/v1/dead-letters`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const { items } = (await list.json()) as {
          items: { runId: string; reason: { code: string; message: string } }[];
        };
        return items.find(({ runId }) => runId === id);
      },
      { what: `the dead letter of ${how}`, timeoutMs: 30_000 },
    );
  }

  it('by leaving a rejected promise behind ends as a dead letter', async () => {
    const { reason } = await deadLetterOf('rejects');
    assert.equal(reason.code, 'STRAY_ERROR');
    assert.match(reason.message, /left behind/);
  });

  it('by throwing in a timer ends as a dead letter', async () => {
    const { reason } = await deadLetterOf('late');
    assert.partialDeepStrictEqual(reason, { code: 'NODE_ERROR', message: 'late', nodeId: 'f' });
  });

  it('by looping without an end is stopped and ends as a dead letter at once', async () => {
    const { reason } = await deadLetterOf('endless');
    assert.equal(reason.code, 'FUNCTION_TIMEOUT');
  });

  it('leaves the process running and the next delivery unharmed', async () => {
    const answer = await fetch(`${url}/in/fedex`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
      body: JSON.stringify({ how: 'well' }),
    });
    const { id } = (await answer.json()) as { id: string };
    const run = await waitUntil(
      async () => {
        const found = await fetch(`${url}/api/v1/runs/${id}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const {
          run: { state },
        } = (await found.json()) as { run: { state: string } };
        return state === 'done' ? state : undefined;
      },
      { what: 'the run', timeoutMs: 10_000 },
    );
    assert.equal(run, 'done');
  });
});
