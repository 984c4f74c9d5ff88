import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxSecrets } from '../../sandbox/environment';
import { simulate } from '../../sandbox/traffic';
import { readProject, startProcess, tempDir, waitUntil } from '../support';
import { adminToken, command, environmentOf, type FlowNode, Scene } from './scene';

interface Letter {
  id: string;
  state: string;
  reason: { code: string; message: string; nodeId?: string };
  runId: string;
}

/** A tab on which every delivery waits for an hour. */
function parking(waits: boolean): FlowNode[] {
  const at = (id: string, type: string, wires: string[][], more: object = {}): FlowNode => ({
    ...{ id: `parking.${id}`, type, z: 'parking', x: 100, y: 100, wires, version: 1 },
    ...more,
  });
  const entries = ['wms', 'tms', 'easypost', 'ups', 'fedex'].map((name) =>
    at(name, 'reroute-partner-in', [[waits ? 'parking.wait' : 'parking.end']], {
      partner: `partner-${name}`,
    }),
  );
  return [
    {
      id: 'parking',
      type: 'tab',
      label: 'Parking',
      info: 'Every delivery waits for an hour.',
      disabled: false,
      env: [],
    },
    ...entries,
    ...(waits
      ? [
          at('wait', 'reroute-wait', [['parking.end'], []], {
            kind: 'timer',
            amount: '1',
            unit: 'hours',
            signalName: '',
            signalKey: '',
            name: 'an hour',
          }),
        ]
      : []),
    at('end', 'change', [[]], {
      rules: [{ t: 'set', p: 'moved', pt: 'msg', to: 'true', tot: 'bool' }],
      name: 'the end',
    }),
  ];
}

/** The commands of the page's walk, in their order. */
function documented(): string[] {
  const blocks = [...readProject('docs/flow-files.md').matchAll(/<!-- run -->\n```sh\n([\s\S]*?)```/g)];
  const lines = blocks.flatMap(([, block = '']) => block.trim().split('\n'));
  assert.ok(lines.length > 5);
  return lines;
}

describe('flow files of a running Reroute', function () {
  // Each command is a process of its own; on a busy machine one takes seconds to start.
  this.timeout(120_000);
  let scene: Scene;
  let folder: string;
  before(async () => {
    scene = await Scene.start('flow-versions', undefined, { REROUTE_FLOW_TESTS: 'on' });
    // The shipped tests with their fault matrices have a suite of their own; here one small test stands for them.
    const flows = join(scene.folder, 'flows');
    for (const name of globSync('**/*.flowtest.yaml', { cwd: flows })) rmSync(join(flows, name));
    folder = tempDir('flow-set');
    cpSync(join(scene.folder, 'flows'), folder, { recursive: true });
  });
  after(() => scene?.stop());

  const flowFile = (path: string, root = folder) =>
    JSON.parse(readFileSync(join(root, path), 'utf8')) as FlowNode[];
  function edit(path: string, change: (nodes: FlowNode[]) => FlowNode[]): void {
    writeFileSync(join(folder, path), JSON.stringify(change(flowFile(path)), null, 2));
  }
  const renamed = (name: string) => (nodes: FlowNode[]) =>
    nodes.map((node) => (node.id === 'delay.enrich' ? { ...node, mapping: name } : node));

  async function cli(...args: string[]): Promise<{ code: number | null; output: string }> {
    const running = await startProcess(process.execPath, [command, 'flows', ...args], {
      env: environmentOf(scene.folder),
    });
    const { code } = await running.exited;
    return { code, output: running.output() };
  }
  const at = (...args: string[]) => cli(...args, '--target', scene.url, '--token', adminToken);
  const done = async (...args: string[]) => {
    const { code, output } = await at(...args);
    assert.equal(code, 0, output);
    return output;
  };
  const versions = async (id: string) =>
    (
      await scene.get<{ items: { version: string; source: string; author: string }[] }>(
        `/api/v1/flows/${id}/versions`,
      )
    ).items.map(({ version, source, author }) => `${version} ${source} ${author}`);
  const deliver = (count: number, seed: number) =>
    simulate({ target: scene.url, rate: 50, count, mix: { late: 1 }, seed, secrets: sandboxSecrets });
  const letters = async (state: string) =>
    (await scene.get<{ items: Letter[] }>(`/api/v1/dead-letters?reason=NODE_GONE&state=${state}`)).items;

  it('are versions from the first start on, and a deploy from the editor writes the next one of the changed flow alone', async () => {
    assert.deepEqual(await versions('delay'), ['1.0.0 files system']);
    const headers = {
      authorization: `Bearer ${adminToken}`,
      'content-type': 'application/json',
      'node-red-api-version': 'v2',
    };
    const { rev, flows } = (await (await fetch(`${scene.url}/editor/flows`, { headers })).json()) as {
      rev: string;
      flows: FlowNode[];
    };
    const answer = await fetch(`${scene.url}/editor/flows`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        rev,
        flows: flows.map((node) => (node.id === 'delay' ? { ...node, info: 'Better.' } : node)),
      }),
    });
    assert.equal(answer.status, 200, await answer.text());
    assert.deepEqual(await versions('delay'), ['1.0.1 editor token:bootstrap', '1.0.0 files system']);
    assert.deepEqual(await versions('short-pick'), ['1.0.0 files system']);
    cpSync(
      join(scene.folder, 'flows', 'global', 'delayed-delivery.json'),
      join(folder, 'global', 'delayed-delivery.json'),
    );
  });

  it('are listed, checked and compared by the command, as text and as JSON', async () => {
    assert.match(await done('list'), /^delay +1\.0\.1 /m);
    assert.match(await done('list', '--dir', folder), /^short-pick .*global\/short-pick\.json$/m);
    assert.equal(JSON.parse(await done('validate', '--dir', folder, '--json')).errors, 0);
    assert.match(await done('diff', 'delay'), /1\.0\.0 -> 1\.0\.1\n~ .*\n {4}~ tab .*\n {8}info: /);
    assert.equal(JSON.parse(await done('history', 'delay', '--json')).items.length, 2);
  });

  it('are deployed from a folder: watched until they have proved their health, and written to their files', async () => {
    edit('global/delayed-delivery.json', renamed('{}'));
    const dry = await done('deploy', '--dir', folder, '--dry-run');
    assert.match(dry, /mapping: .* -> "\{\}"[\s\S]*would be deployed; rev /);
    const output = await done('deploy', '--dir', folder, '--message', 'a mapping', '--watch', '1');
    assert.match(output, /^delay +1\.0\.1 -> 1\.1\.0$/m);
    assert.match(output, /^deployed, and healthy$/m);
    const written = flowFile('global/delayed-delivery.json', join(scene.folder, 'flows'));
    assert.equal(written.find(({ id }) => id === 'delay.enrich')?.mapping, '{}');
    assert.match(await done('deploy', '--dir', folder), /nothing was deployed/);
  });

  it('link a run to the versions that it executed', async () => {
    const { ids } = await deliver(1, 71);
    await scene.drained();
    const { flow } = await scene.get<{
      flow: { flowId: string; version: string; versions: Record<string, string> };
    }>(`/api/v1/runs/${ids[0]}`);
    assert.deepEqual(
      [flow.flowId, flow.version, flow.versions['global-config']],
      ['intake', '1.0.0', '1.0.0'],
    );
    const { nodes } = await scene.get<{ nodes: FlowNode[] }>(
      `/api/v1/flows/${flow.flowId}/versions/${flow.version}`,
    );
    assert.ok(nodes.some(({ type }) => type === 'reroute-normalize'));
  });

  it('are refused with the difference when something else runs by now, and with exit 2 for a wrong call', async () => {
    edit('global/delayed-delivery.json', renamed('{"a":1}'));
    const stale = await at('deploy', '--dir', folder, '--rev', 'of-yesterday');
    assert.equal(stale.code, 1);
    assert.match(stale.output, /mapping: "\{\}" -> "\{\\"a\\":1\}"[\s\S]*deployed by somebody else/);
    assert.equal((await at('deploy')).code, 2);
    assert.equal((await at('deploy', '--dir', folder, '--watch', 'x')).code, 2);
    assert.equal((await at('diff')).code, 2);
    edit('global/delayed-delivery.json', renamed('{}'));
  });

  it('are refused with node and field when they would write a secret, and with every error of the checks', async () => {
    const config = flowFile('global/config.json');
    edit('global/config.json', (nodes) =>
      nodes.map((node) =>
        node.id === 'partner-tms' ? { ...node, secrets: { token: 'hunter2-in-plain' } } : node,
      ),
    );
    const secret = await at('deploy', '--dir', folder);
    assert.equal(secret.code, 1);
    assert.match(secret.output, /partner-tms: secrets\.token/);
    assert.doesNotMatch(secret.output, /hunter2/);
    const checked = await cli('validate', '--dir', folder);
    assert.deepEqual([checked.code, /SECRET_IN_FLOW/.test(checked.output)], [1, true]);
    writeFileSync(join(folder, 'global/config.json'), JSON.stringify(config));
    assert.deepEqual((await versions('global-config')).length, 1);
  });

  it('go back one step, from the command', async () => {
    const output = await done('rollback', 'delay', '--reason', 'the mapping was wrong');
    assert.match(output, /^delay +1\.1\.0 -> 1\.2\.0\ndeployed$/m);
    const written = flowFile('global/delayed-delivery.json', join(scene.folder, 'flows'));
    assert.notEqual(written.find(({ id }) => id === 'delay.enrich')?.mapping, '{}');
    const stale = await at('rollback', 'delay', '--reason', 'again', '--expected', '1.1.0');
    assert.equal(stale.code, 1);
    assert.match(stale.output, /deployed by somebody else/);
    const { items } = await scene.get<{
      items: { action: string; before: { version: string }; after: { version: string } }[];
    }>('/api/v1/audit?subject=flow:delay');
    assert.deepEqual(
      [items[0]?.action, items[0]?.before.version, items[0]?.after.version],
      ['flows.rollback', '1.1.0', '1.2.0'],
    );
  });

  /** One scenario of the delayed delivery, as the page of flow tests shows it. */
  const flowTest = (state: string) => `
answers:
  storefront.readOrder:
    ok: { orderNumber: SO-1, status: OPEN, slaTier: STANDARD, promisedDeliveryAt: 2026-03-03T09:00:00Z, lines: [] }
  erp.findOrder: { ok: { orders: [] } }
  desk.openCase: { ok: { id: '42', state: OPEN } }
scenarios:
  - name: an order that the ERP does not know goes to a person
    given: [{ fact: TRANSIT_DELAYED, partner: fedex, order: SO-1 }]
    expect: { cases: { state: ${state} }, deadLetters: [REMEDIATION_FAILED] }
`;

  it('are refused when a test beside them fails, there or in the folder; results stand in the history', async () => {
    const beside = (root: string) => join(root, 'global', 'delayed-delivery.flowtest.yaml');
    const there = beside(join(scene.folder, 'flows'));
    const known = (await versions('delay')).length;
    edit('global/delayed-delivery.json', (nodes) =>
      nodes.map((node) => (node.id === 'delay' ? { ...node, info: 'Tested.' } : node)),
    );
    for (const path of [there, beside(folder)]) {
      writeFileSync(path, flowTest('VERIFIED'));
      const refused = await at('deploy', '--dir', folder, '--watch', '0');
      assert.equal(refused.code, 1, refused.output);
      assert.match(
        refused.output,
        /1 flow tests fail: .*an order that the ERP does not know goes to a person/,
      );
      writeFileSync(path, flowTest('MANUAL'));
    }
    assert.equal((await versions('delay')).length, known);
    await done('deploy', '--dir', folder, '--watch', '0');
    const { items } = JSON.parse(await done('history', 'delay', '--json')) as {
      items: { tests?: { passed: number; failed: number } }[];
    };
    assert.deepEqual([items[0]?.tests?.passed, items[0]?.tests?.failed], [1, 0]);
    rmSync(there);
    rmSync(beside(folder));
    await done('rollback', 'delay', '--reason', 'back to where the other tests begin');
  });

  it('are taken back by themselves when runs fail on them, and the runs succeed on the version before', async () => {
    await done('tag', 'before-the-mistake');
    const mistake = tempDir('flow-mistake');
    mkdirSync(join(mistake, 'global'));
    writeFileSync(
      join(mistake, 'global', 'intake.json'),
      JSON.stringify([
        ...flowFile('global/intake.json').map((node) =>
          node.type === 'reroute-partner-in' ? { ...node, wires: [['intake.mistake']] } : node,
        ),
        {
          ...{
            id: 'intake.mistake',
            type: 'function',
            z: 'intake',
            x: 1,
            y: 1,
            wires: [['intake.normalize']],
          },
          func: "throw new Error('a mistake')",
        },
      ]),
    );
    const deploying = at('deploy', '--dir', mistake, '--watch', '60', '--json');
    await scene.until(async () => (await versions('intake')).length === 2, 'the new version');
    const { ids } = await deliver(20, 72);
    const { code, output } = await deploying;
    assert.equal(code, 1, output);
    const { deployment } = JSON.parse(output.slice(0, output.indexOf('\n'))) as {
      deployment: { state: string; detail: { reason: string } };
    };
    assert.equal(deployment.state, 'rolled-back');
    assert.match(deployment.detail.reason, /attempts of runs on the new versions failed/);
    assert.deepEqual((await versions('intake'))[0], '1.2.0 auto-rollback system');
    await scene.drained();
    for (const id of ids)
      assert.equal((await scene.get<{ run: { state: string } }>(`/api/v1/runs/${id}`)).run.state, 'done');
  });

  it('are taken back at the next start when the process does not survive them', async () => {
    edit('global/delayed-delivery.json', renamed('{"b":2}'));
    const args = ['flows', 'deploy', '--dir', folder, '--only', 'delay', '--watch', '3600'];
    const deploying = await startProcess(
      process.execPath,
      [command, ...args, '--target', scene.url, '--token', adminToken],
      { env: environmentOf(scene.folder), ready: /^delay .* -> /m, readyTimeoutMs: 60_000 },
    );
    scene.running.kill('SIGKILL');
    await scene.running.exited;
    const port = new URL(scene.url).port;
    scene = await Scene.restart(scene.folder, { PORT: port });
    const { code } = await deploying.exited;
    assert.equal(code, 1, deploying.output());
    assert.match(deploying.output(), /unhealthy, and taken back: the process ended/);
    assert.match((await versions('delay'))[0] ?? '', /auto-rollback system$/);
    const written = flowFile('global/delayed-delivery.json', join(scene.folder, 'flows'));
    assert.notEqual(written.find(({ id }) => id === 'delay.enrich')?.mapping, '{"b":2}');
  });

  it('leave no message behind: what waits at a removed node is a dead letter that says so, and goes on where it is moved to', async () => {
    const set = tempDir('flow-parking');
    const deployParking = async (waits: boolean) => {
      mkdirSync(join(set, 'global'), { recursive: true });
      writeFileSync(join(set, 'global', 'parking.json'), JSON.stringify(parking(waits)));
      return done('deploy', '--dir', set, '--watch', '1');
    };
    await deployParking(true);
    await deliver(1, 73);
    await scene.until(async () => (await scene.runs()).parked === 1, 'a parked message');
    writeFileSync(join(set, 'global', 'parking.json'), JSON.stringify(parking(false)));
    assert.match(
      await done('deploy', '--dir', set, '--dry-run'),
      /stranded +1 messages wait at parking\.wait/,
    );
    await deployParking(false);
    await waitUntil(async () => (await letters('open')).length === 1, {
      what: 'the dead letter',
      timeoutMs: 20_000,
    });
    const [letter] = await letters('open');
    assert.equal(letter?.reason.nodeId, 'parking.wait');
    assert.match(
      letter?.reason.message ?? '',
      /parked at reroute-wait "an hour" parking\.wait, which the deployed flows do not have/,
    );
    const wrong = await at('move', letter?.id ?? '', '--to', 'parking.wait', '--reason', 'r');
    assert.deepEqual([wrong.code, /no node parking\.wait is deployed/.test(wrong.output)], [1, true]);
    await done('move', letter?.id ?? '', '--to', 'parking.end', '--reason', 'nothing to wait for any more');
    await waitUntil(async () => (await letters('replayed')).length === 1, {
      what: 'the moved message',
      timeoutMs: 20_000,
    });
    await scene.drained();
    assert.equal((await letters('open')).length, 0);
  });

  it('are promoted by a tag from one runtime to another, and the other refuses a set that does not pass', async () => {
    await done('tag', 'winter-1', '--message', 'for production');
    const other = await Scene.start('flow-production');
    try {
      const promote = (...more: string[]) =>
        cli(
          'deploy',
          '--tag',
          'winter-1',
          '--from',
          scene.url,
          '--target',
          other.url,
          '--token',
          adminToken,
          '--watch',
          '1',
          ...more,
        );
      const { code, output } = await promote('--message', 'spring');
      assert.equal(code, 0, output);
      assert.match(output, /^parking +\(new\) -> 1\.0\.0$/m);
      assert.ok(existsSync(join(other.folder, 'flows', 'global', 'parking.json')));
      const list = await other.get<{ items: { flowId: string; contentHash: string }[] }>('/api/v1/flows');
      const source = await scene.get<{ items: { flowId: string; contentHash: string }[] }>('/api/v1/flows');
      const hashes = ({ items }: typeof list) =>
        items.map(({ flowId, contentHash }) => `${flowId} ${contentHash}`);
      assert.deepEqual(hashes(list), hashes(source));
      const broken = await fetch(`${other.url}/api/v1/flow-deployments`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${adminToken}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify({
          rev: (await other.get<{ rev: string }>('/api/v1/flows')).rev,
          files: [
            { path: 'global/parking.json', nodes: parking(true).filter(({ id }) => id !== 'parking.end') },
          ],
        }),
      });
      assert.equal(broken.status, 422);
      assert.match(await broken.text(), /DANGLING_WIRE/);
      for (const line of documented()) {
        const words = line
          .replaceAll('https://test.example', scene.url)
          .replaceAll('https://production.example', other.url)
          .replaceAll('--dir flows', `--dir ${folder}`);
        const args = [...words.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(3);
        const target = args.includes('--target') ? [] : ['--target', scene.url];
        const ran = await cli(...args, ...target, '--token', adminToken);
        assert.equal(ran.code, 0, `${line}\n${ran.output}`);
      }
    } finally {
      await other.stop();
    }
  });
});
