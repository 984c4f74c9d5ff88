import assert from 'node:assert/strict';
import { partner, soundFlow } from '../flowfiles/nodes';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';
import { aRunWithLetter } from './support/letters';

describe('flows over the API', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
    gateway.flows.runtime.nodes = [...soundFlow(), partner];
    await gateway.flows.service.loaded(gateway.flows.runtime.nodes, new Map([['late', 'global/late.json']]));
    await gateway.flows.service.flowsStarted();
  });
  after(async () => {
    await gateway.flows.service.stop();
    await gateway.stop();
  });

  const file = (more: object = {}) => ({
    path: 'global/late.json',
    nodes: soundFlow().map((one) => (one.id === 'late.act' ? { ...one, ...more } : one)),
  });
  const rev = async () => (await ask(gateway, 'GET /flows')).json.rev as string;
  const deploy = async (body: object, options: Parameters<typeof ask>[2] = {}) =>
    ask(gateway, 'POST /flow-deployments', {
      as: 'analyst',
      body: { rev: await rev(), files: [file()], watchSeconds: 0, ...body },
      ...options,
    });

  it('are listed with version, findings and the revision that a write names', async () => {
    const { json } = await ask(gateway, 'GET /flows', { as: 'viewer' });
    assert.deepEqual(
      json.items.map((item: { flowId: string; version: string; disabled: boolean }) => [
        item.flowId,
        item.version,
        item.disabled,
      ]),
      [
        ['global-config', '1.0.0', false],
        ['late', '1.0.0', false],
      ],
    );
    assert.equal(json.rev, gateway.flows.runtime.revOf());
    assert.deepEqual((await ask(gateway, 'GET /flow-findings')).json, { items: [] });
  });

  it('are read by viewers and deployed by analysts only; an operator is refused, and that is audited', async () => {
    for (const as of ['viewer', 'operator', 'supervisor'] as const)
      assert.equal((await deploy({}, { as })).status, 403);
    const { json } = await ask(gateway, 'GET /audit?subject=path:/api/v1/flow-deployments');
    assert.ok(json.items.length >= 3);
  });

  it('are deployed, compared, read and rolled back', async () => {
    const done = await deploy({ files: [file({ input: '{}' })], message: 'inputs' });
    assert.deepEqual(done.json.deployment.changes, { late: { before: '1.0.0', after: '1.1.0' } });
    const read = await ask(gateway, `GET /flow-deployments/${done.json.deployment.id}`);
    assert.deepEqual(
      [read.json.state, read.json.message, read.json.author.startsWith('token:')],
      ['deployed', 'inputs', true],
    );
    const diff = await ask(gateway, 'GET /flows/late/diff?from=1.0.0&to=1.1.0');
    assert.deepEqual(diff.json.nodes[0].properties, [{ path: ['input'], after: '{}' }]);
    const back = await ask(gateway, 'POST /flows/late/rollback', {
      as: 'analyst',
      body: { expectedVersion: '1.1.0', reason: 'worse' },
    });
    assert.deepEqual(back.json.deployment.changes, { late: { before: '1.1.0', after: '1.2.0' } });
    const { json } = await ask(gateway, 'GET /flows/late/versions?limit=2');
    assert.deepEqual(
      json.items.map(({ version }: { version: string }) => version),
      ['1.2.0', '1.1.0'],
    );
    assert.ok(json.nextCursor);
    const content = await ask(gateway, 'GET /flows/late/versions/1.1.0');
    assert.equal(content.json.nodes.find(({ id }: { id: string }) => id === 'late.act').input, '{}');
  });

  it('answer 409 with the difference to who has not seen what runs', async () => {
    const { status, json } = await deploy({ rev: 'of-yesterday', files: [file({ input: '[]' })] });
    assert.deepEqual([status, json.code, json.conflict.rev], [409, 'flows-stale', await rev()]);
    assert.equal(json.conflict.diff[0].nodes[0].id, 'late.act');
    const back = await ask(gateway, 'POST /flows/late/rollback', {
      as: 'analyst',
      body: { expectedVersion: '1.0.0', reason: 'r' },
    });
    assert.deepEqual([back.status, back.json.conflict.version], [409, '1.2.0']);
  });

  it('answer 422 with every finding, and never with a secret', async () => {
    const broken = await deploy({ files: [file({ wires: [['gone']] })] });
    assert.deepEqual(
      [broken.status, broken.json.code, broken.json.findings[0].code],
      [422, 'flows-refused', 'DANGLING_WIRE'],
    );
    const secret = await deploy({
      files: [{ path: 'global/config.json', nodes: [{ ...partner, secrets: { password: 'hunter2' } }] }],
    });
    assert.deepEqual([secret.status, secret.json.code], [422, 'secret-in-flow']);
    assert.match(secret.json.detail, /partner-erp.*secrets\.password/);
    assert.doesNotMatch(secret.text, /hunter2/);
  });

  it('are checked without being deployed', async () => {
    const before = await rev();
    const { json } = await ask(gateway, 'POST /flow-checks', {
      as: 'analyst',
      body: { rev: before, files: [file({ input: '[]' })] },
    });
    assert.equal(json.diff[0].nodes[0].id, 'late.act');
    assert.equal(await rev(), before);
  });

  it('take files below their folders only, and sets larger than other bodies', async () => {
    for (const path of ['../x.json', 'library/x/1/flow.json', 'global/region.json', '/global/a.json'])
      assert.equal((await deploy({ files: [{ ...file(), path }] })).status, 400, path);
    const large = file({ func: 'x'.repeat(2 * 1024 * 1024) });
    const { status, json } = await ask(gateway, 'POST /flow-checks', {
      as: 'analyst',
      body: { rev: await rev(), files: [large] },
    });
    assert.equal(status, 200, json.detail);
  });

  it('carry tags that another runtime reads with their files', async () => {
    const made = await ask(gateway, 'POST /flow-tags', {
      as: 'analyst',
      body: { name: 'spring-1', message: 'm' },
    });
    assert.deepEqual(made.json.versions, { 'global-config': '1.0.0', late: '1.2.0' });
    assert.equal(
      (await ask(gateway, 'POST /flow-tags', { as: 'analyst', body: { name: 'spring-1' } })).json.code,
      'tag-taken',
    );
    const { json } = await ask(gateway, 'GET /flow-tags/spring-1');
    assert.equal((await deploy({ files: json.files })).json.deployment, null, 'nothing differs');
    assert.equal((await ask(gateway, 'GET /flow-tags')).json.items[0].name, 'spring-1');
  });

  it('answer 404 for what there is not', async () => {
    for (const call of [
      'GET /flows/none/versions',
      'GET /flows/late/versions/9.9.9',
      'GET /flow-tags/none',
      'GET /flow-deployments/none',
    ])
      assert.equal((await ask(gateway, call)).status, 404, call);
    const body = { expectedVersion: '1.0.0', reason: 'r' };
    assert.equal((await ask(gateway, 'POST /flows/none/rollback', { as: 'analyst', body })).status, 404);
    assert.equal(
      (
        await ask(gateway, 'POST /dead-letters/none/move', {
          as: 'operator',
          body: { node: 'n', reason: 'r' },
        })
      ).status,
      404,
    );
  });

  it('move parked messages only, to nodes that are deployed', async () => {
    const letter = await aRunWithLetter(gateway.ledger);
    const move = await ask(gateway, `POST /dead-letters/${letter}/move`, {
      as: 'operator',
      body: { node: 'late.act', reason: 'r' },
    });
    assert.deepEqual([move.status, move.json.code], [422, 'not-parked']);
  });
});
