/** The commands as an operator types them: what they print, what they exit with, and what a running runtime then holds. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sandboxSecrets } from '../../sandbox/environment';
import { signatureHeaders } from '../../sandbox/traffic';
import { root, waitUntil } from '../support';
import { adminToken, command, Scene } from './scene';

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Not awaited in one go (`spawnSync`): a runtime of this process may have to answer. */
function reroute(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    ended.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    ended.err += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}
const fixture = (name: string) => join(root, 'lib', 'connectors', 'easypost', 'fixtures', name);

describe('reroute normalize', () => {
  it('prints each fact as a CloudEvent of the partner that it is said to come from', async () => {
    const { code, out, err } = await reroute(
      ...[
        'normalize',
        '--connector',
        'easypost',
        '--partner',
        'easypost-eu',
        fixture('tracker-updated.json'),
      ],
    );
    assert.equal(code, 0, err);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(events.length > 0);
    for (const event of events) {
      assert.deepEqual(
        [event.specversion, event.source, typeof event.id, typeof event.dataschema],
        ['1.0', '/default/easypost/easypost-eu', 'string', 'string'],
      );
      assert.match(String(event.type), /^org\.reroute\.shipment\.(milestone|exception)\.v1$/);
      assert.match(String(event.correlationid), /^[0-9a-f]{64}$/);
    }
  });

  it('names the connector as the source without a partner, and gives a partner facts of its own', async () => {
    const ids = async (...more: string[]) =>
      (await reroute('normalize', '--connector', 'easypost', ...more, fixture('tracker-updated.json'))).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { id: string; source: string });
    const [plain] = await ids();
    const [own] = await ids('--partner', 'easypost-eu');
    assert.equal(plain?.source, '/default/easypost/easypost');
    assert.notEqual(own?.id, plain?.id);
  });
});

describe('reroute simulate', () => {
  it('exits with 2 and says what it knows when the mix cannot be read', async () => {
    for (const [mix, words] of [
      ['dancing=1', /there is no scenario dancing[\s\S]*short-pick/],
      ['late=many', /the weight of late is no number/],
      ['late=0', /nothing in the mix has a weight/],
    ] as const) {
      const { code, err } = await reroute('simulate', '--mix', mix);
      assert.equal(code, 2, err);
      assert.match(err, words);
    }
  });
});

describe('reroute replay', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('replay-command');
  });
  after(() => scene?.stop());

  const replay = async (...args: string[]) => {
    const common = ['--target', scene.url, '--token', adminToken, '--name', 'again', '--reason', 'repaired'];
    const ended = await reroute('replay', ...common, ...args);
    return { ...ended, json: ended.code === 0 ? JSON.parse(ended.out) : undefined };
  };

  it('previews without a trace, carries out with --live, and refuses a selection of everything', async () => {
    const body = '{ broken';
    const sent = await fetch(`${scene.url}/in/easypost`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signatureHeaders('easypost', sandboxSecrets.easypost, body),
      },
      body,
    });
    assert.equal(sent.status, 202, await sent.text());
    const letters = async () =>
      (await scene.get<{ items: { id: string; state: string }[] }>('/api/v1/dead-letters')).items;
    const [letter] = await waitUntil(async () => {
      const found = await letters();
      return found.length > 0 && found;
    });
    assert.ok(letter);
    const preview = await replay('--ids', letter.id);
    assert.equal(preview.code, 0, preview.err);
    assert.deepEqual([preview.json.replay.mode, preview.json.replay.state], ['preview', 'done']);
    assert.equal((await letters()).length, 1);

    const live = await replay('--partner', 'easypost', '--live');
    assert.equal(live.code, 0, live.err);
    assert.equal(live.json.replay.mode, 'live');
    const { id } = live.json.replay;
    const done = await waitUntil(async () => {
      const shown = await scene.get<{ replay: { state: string }; items: { items: { outcome: string }[] } }>(
        `/api/v1/replays/${id}`,
      );
      return shown.replay.state === 'done' && shown;
    });
    assert.match(JSON.stringify(done.items), /failed/, 'the payload is still broken');
    const unscoped = await replay();
    assert.equal(unscoped.code, 1);
    assert.match(unscoped.err, /POST \/replays: .*select/);
  });
});
