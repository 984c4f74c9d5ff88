/** Flow files: versions appended with their deployment, deployments that end once, tags that never move, waits at removed nodes. */
import assert from 'node:assert/strict';
import { VersionConflictError } from '../../model/errors';
import type { FlowDeployment, FlowTag, FlowVersionSeed } from '../flows';
import { aPark, aRun, nextId } from './builders';
import { type Bench, type LedgerHarness, readAll, startBench } from './harness';

function aFlowVersion(overrides: Partial<FlowVersionSeed> = {}): FlowVersionSeed {
  return {
    flowId: 'short-pick',
    version: '1.0.0',
    path: 'global/short-pick.json',
    label: 'Short pick',
    contentHash: 'h1',
    content: [{ id: 'short-pick', type: 'tab', später: null }],
    author: 'ada',
    message: 'first',
    source: 'api',
    lint: [{ code: 'X', severity: 'warning' }],
    at: 1000,
    ...overrides,
  };
}

function aDeployment(overrides: Partial<FlowDeployment> = {}): FlowDeployment {
  return {
    id: nextId('deployment'),
    state: 'watching',
    author: 'ada',
    message: 'first',
    source: 'api',
    at: 1000,
    watchMs: 5000,
    changes: { 'short-pick': { after: '1.0.0' } },
    ...overrides,
  };
}

export function flowConformance(harness: LedgerHarness): void {
  describe('flow files', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    it('keep every version with its deployment, also after the ledger was opened again', async () => {
      const deployment = aDeployment({ detail: { seen: 1 } });
      const version = aFlowVersion({ tests: { passed: 3 } });
      await bench.ledger.recordDeployment(deployment, [version, aFlowVersion({ flowId: 'other' })]);
      const again = await harness.reopen();
      assert.deepEqual(await again.deployment(deployment.id), deployment);
      const { seq, ...record } = (await again.flowFile('short-pick', '1.0.0')) ?? { seq: 0 };
      assert.deepEqual(record, { ...version, deploymentId: deployment.id });
      assert.ok(seq > 0);
      assert.equal(await again.flowFile('short-pick', '1.0.1'), undefined);
      assert.equal(await again.deployment('none'), undefined);
    });

    it('refuse a version that exists, and then keep nothing of the deployment', async () => {
      await bench.ledger.recordDeployment(aDeployment(), [aFlowVersion()]);
      const second = aDeployment();
      await assert.rejects(
        bench.ledger.recordDeployment(second, [aFlowVersion({ flowId: 'other' }), aFlowVersion()]),
        VersionConflictError,
      );
      assert.equal(await bench.ledger.deployment(second.id), undefined);
      assert.equal(await bench.ledger.flowFile('other', '1.0.0'), undefined);
      const both = await Promise.allSettled(
        [1, 2].map(() => bench.ledger.recordDeployment(aDeployment(), [aFlowVersion({ version: '1.1.0' })])),
      );
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    });

    it('name the latest version of each flow, and the history newest first', async () => {
      await bench.ledger.recordDeployment(aDeployment(), [aFlowVersion(), aFlowVersion({ flowId: 'a' })]);
      await bench.ledger.recordDeployment(aDeployment(), [
        aFlowVersion({ version: '1.1.0', contentHash: 'h2' }),
      ]);
      const { content: _gone, ...removed } = aFlowVersion({ flowId: 'a', version: '2.0.0' });
      await bench.ledger.recordDeployment(aDeployment(), [removed]);
      const current = await bench.ledger.currentFlows();
      assert.deepEqual(
        current.map((one) => [one.flowId, one.version, one.contentHash, one.removed, 'content' in one]),
        [
          ['a', '2.0.0', 'h1', true, false],
          ['short-pick', '1.1.0', 'h2', false, false],
        ],
      );
      const history = await readAll((cursor) =>
        bench.ledger.flowHistory('short-pick', { limit: 1, ...(cursor === undefined ? {} : { cursor }) }),
      );
      assert.deepEqual(
        history.map(({ version, lint }) => [version, lint]),
        ['1.1.0', '1.0.0'].map((version) => [version, aFlowVersion().lint]),
      );
    });

    it('take the results of tests that end after the deploy, once, and never for a removed flow', async () => {
      const deployment = aDeployment();
      const { content: _gone, ...removed } = aFlowVersion({ flowId: 'gone' });
      await bench.ledger.recordDeployment(deployment, [
        aFlowVersion(),
        aFlowVersion({ flowId: 'tested', tests: { passed: 1 } }),
        removed,
      ]);
      assert.equal(await bench.ledger.noteFlowTests(deployment.id, { passed: 7 }), 1);
      assert.equal(await bench.ledger.noteFlowTests(deployment.id, { passed: 8 }), 0);
      assert.equal(await bench.ledger.noteFlowTests('none', { passed: 8 }), 0);
      assert.deepEqual(
        (await bench.ledger.currentFlows()).map(({ flowId, tests }) => [flowId, tests]),
        [
          ['gone', undefined],
          ['short-pick', { passed: 7 }],
          ['tested', { passed: 1 }],
        ],
      );
    });

    it('end a deployment once', async () => {
      const deployment = aDeployment();
      await bench.ledger.recordDeployment(deployment, []);
      assert.deepEqual(await bench.ledger.deploymentsIn('watching'), [deployment]);
      const end = (state: FlowDeployment['state'], detail?: unknown) =>
        bench.ledger.setDeploymentState(deployment.id, ['watching'], {
          state,
          at: 2000,
          ...(detail === undefined ? {} : { detail }),
        });
      assert.equal(await end('watching', { again: true }), true);
      assert.equal((await bench.ledger.deployment(deployment.id))?.endedAt, undefined);
      const ended = await Promise.all([end('healthy'), end('rolled-back')]);
      assert.deepEqual(ended.sort(), [false, true]);
      const read = await bench.ledger.deployment(deployment.id);
      assert.deepEqual([read?.endedAt, read?.detail], [2000, { again: true }]);
      assert.deepEqual(await bench.ledger.deploymentsIn('watching'), []);
      assert.equal(
        await bench.ledger.setDeploymentState('none', ['watching'], { state: 'healthy', at: 1 }),
        false,
      );
    });

    it('carry tags that never move', async () => {
      const tag: FlowTag = { name: 'r1', author: 'ada', message: '', at: 1000, versions: { a: '1.0.0' } };
      assert.equal(await bench.ledger.saveFlowTag(tag), true);
      assert.equal(await bench.ledger.saveFlowTag({ ...tag, versions: { a: '2.0.0' } }), false);
      await bench.ledger.saveFlowTag({ ...tag, name: 'r2' });
      assert.deepEqual(await bench.ledger.flowTag('r1'), tag);
      assert.equal(await bench.ledger.flowTag('r3'), undefined);
      const names = await readAll((cursor) =>
        bench.ledger.flowTags({ limit: 1, ...(cursor === undefined ? {} : { cursor }) }),
      );
      assert.deepEqual(
        names.map(({ name }) => name),
        ['r2', 'r1'],
      );
    });

    it('let go what waits at removed nodes, and nothing else', async () => {
      const run = aRun();
      await bench.ledger.enqueueRuns(0, [run], 1000);
      await bench.ledger.claimRuns(bench.lease, { now: 2000, limit: 1 });
      const parks = [
        aPark(run.id, { nodeId: 'gone' }),
        aPark(run.id, { nodeId: 'gone', signal: 's' }),
        aPark(run.id, { nodeId: 'stays' }),
      ];
      await bench.ledger.park(bench.lease, parks);
      await bench.ledger.settleRuns(bench.lease, [{ runId: run.id, outcome: 'done', at: 2500 }]);
      assert.deepEqual(await bench.ledger.waitingNodes(), [
        { nodeId: 'gone', waiting: 2 },
        { nodeId: 'stays', waiting: 1 },
      ]);
      const release = (limit: number) =>
        bench.ledger.releaseParked(0, { nodeIds: ['gone'], by: 'deploy', now: 3000, limit });
      assert.deepEqual(await release(1), [`${parks[0]?.id}:r`]);
      assert.deepEqual(await release(10), [`${parks[1]?.id}:r`]);
      assert.deepEqual(await release(10), []);
      assert.deepEqual(await bench.ledger.waitingNodes(), [{ nodeId: 'stays', waiting: 1 }]);
      const [first] = await bench.ledger.parkedByRun(run.id);
      assert.deepEqual(first?.resumption, { reason: 'released', by: 'deploy', at: 3000 });
      const [resumed] = await bench.ledger.claimRuns(bench.lease, { now: 4000, limit: 1 });
      assert.deepEqual([resumed?.kind, resumed?.parked?.nodeId], ['resume', 'gone']);
    });
  });
}
