import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxSecrets } from '../../sandbox/environment';
import { simulate } from '../../sandbox/traffic';
import { adminToken, Scene } from './scene';

interface FlowNode {
  id: string;
  type: string;
  name?: string;
  secrets?: Record<string, string>;
}

interface Deployed {
  rev: string;
  flows: FlowNode[];
}

describe('a deploy while traffic runs', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('deploy');
  });
  after(() => scene?.stop());

  const headers = {
    authorization: `Bearer ${adminToken}`,
    'content-type': 'application/json',
    'node-red-api-version': 'v2',
  };

  const deployed = async (): Promise<Deployed> =>
    (await (await fetch(`${scene.url}/editor/flows`, { headers })).json()) as Deployed;

  async function deploy(body: Deployed): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${scene.url}/editor/flows`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  }

  const renamed = ({ rev, flows }: Deployed, name: string): Deployed => ({
    rev,
    flows: flows.map((node) => (node.id === 'delay.enrich' ? { ...node, name } : node)),
  });

  const traffic = (seed: number) =>
    simulate({
      target: scene.url,
      rate: 40,
      count: 100,
      mix: { 'short-pick': 1, late: 1 },
      seed,
      secrets: sandboxSecrets,
    });

  /** Every accepted delivery's run is done, and no effect happened twice. */
  async function nothingLost(ids: string[]): Promise<void> {
    await scene.drained();
    for (const id of ids) {
      const { run } = await scene.get<{ run: { state: string } }>(`/api/v1/runs/${id}`);
      assert.equal(run.state, 'done', `run ${id}`);
    }
    assert.equal((await scene.runs()).dead, 0);
    const { duplicates, repeats } = await scene.sandboxGet<{ duplicates: unknown[]; repeats: unknown[] }>(
      '/_book/summary',
    );
    assert.deepEqual([duplicates, repeats], [[], []]);
  }

  const flowText = () =>
    readdirSync(join(scene.folder, 'flows', 'global'))
      .map((name) => readFileSync(join(scene.folder, 'flows', 'global', name), 'utf8'))
      .join('\n');

  it('takes the new flows, writes them to their files and loses no run; who deploys over it is refused', async () => {
    const first = await deployed();
    const running = traffic(61);
    for (const name of ['deployed once', 'deployed twice']) {
      const { status, text } = await deploy(renamed(await deployed(), name));
      assert.equal(status, 200, text);
      assert.ok(flowText().includes(name));
    }
    const stale = await deploy(renamed(first, 'deployed over it'));
    assert.equal(stale.status, 409, stale.text);
    assert.ok(!flowText().includes('deployed over it'));
    const report = await running;
    assert.equal(report.accepted, 100, JSON.stringify({ ...report, ids: [], orderNumbers: [] }));
    await nothingLost(report.ids);
  });

  it('refuses a literal secret without echoing it, leaves the files as they were, and runs go on', async () => {
    const before = flowText();
    const running = traffic(62);
    const { rev, flows } = await deployed();
    const { status, text } = await deploy({
      rev,
      flows: flows.map((node) =>
        node.id === 'partner-tms'
          ? { ...node, secrets: { ...node.secrets, token: 'hunter2-in-plain' } }
          : node,
      ),
    });
    assert.ok(status >= 400, `answered ${status}`);
    assert.match(text, /partner-tms/);
    assert.doesNotMatch(text, /hunter2/);
    assert.equal(flowText(), before);
    const report = await running;
    assert.equal(report.accepted, 100);
    await nothingLost(report.ids);
  });

  it('refuses who has no token', async () => {
    const answer = await fetch(`${scene.url}/editor/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[]',
    });
    assert.equal(answer.status, 401);
  });
});
