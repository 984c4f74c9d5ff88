import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowsRefusedError, FlowsStaleError } from '../../lib/flowfiles/errors';
import { parseNodes, readFlowFolder } from '../../lib/flowfiles/files';
import type { FlowNode } from '../../lib/flowfiles/format';
import type { DeployRequest } from '../../lib/flowfiles/operations';
import type { FlowTestResult } from '../../lib/flowfiles/test-runner';
import { contentHash, runVersions } from '../../lib/flowfiles/units';
import { openLedger } from '../../lib/ledger/open';
import type { Ledger } from '../../lib/ledger/port';
import { FatalError } from '../../lib/model/errors';
import { tempDir, waitUntil } from '../support';
import { openFlows, type TestFlows } from '../support/flow-service';
import { partner, soundFlow, tab } from './nodes';

const hashOf = (content: unknown): string => contentHash(parseNodes(content));

describe('the flows of a runtime', () => {
  let ledger: Ledger;
  let flows: TestFlows;
  let testResult: FlowTestResult;
  beforeEach(async () => {
    ledger = await openLedger(`sqlite:${join(tempDir('flow-service'), 'ledger.db')}`);
    testResult = { passed: 2, failed: 0, failures: [], durationMs: 3 };
    flows = openFlows(ledger, { run: async () => testResult });
    flows.runtime.nodes = [...soundFlow(), partner];
    await flows.service.loaded(flows.runtime.nodes, new Map([['late', 'global/late.json']]));
    await flows.service.flowsStarted();
  });
  afterEach(async () => {
    await flows.service.stop();
    await ledger.close();
  });

  const late = (more: object = {}, id = 'late.act') =>
    soundFlow().map((one) => (one.id === id ? { ...one, ...more } : one));
  const deploy = async (nodes: FlowNode[], more: Partial<DeployRequest> = {}) =>
    flows.operations.deploy({
      rev: flows.runtime.revOf(),
      files: [{ path: 'global/late.json', nodes }],
      replaceAll: false,
      message: 'because',
      author: 'token:ada',
      source: 'api',
      watchMs: 0,
      ...more,
    });
  const versions = async (id = 'late') =>
    ((await flows.operations.history(id, { limit: 50 }))?.items ?? []).map(
      ({ version, source }) => `${version} ${source}`,
    );
  const ended = async (id: string | undefined) => {
    await waitUntil(async () => (await ledger.deployment(id ?? ''))?.state !== 'watching', {
      what: 'the verdict',
      everyMs: 5,
    });
    return ledger.deployment(id ?? '');
  };
  /** What an editor's Deploy comes to. */
  const editorDeploys = (nodes: FlowNode[]) =>
    flows.runtime.apply(nodes, flows.runtime.revOf(), { username: 'ada' });

  it('are versions from the first start on, and none is written while nothing changes', async () => {
    assert.deepEqual(await versions(), ['1.0.0 files']);
    await flows.service.loaded([...flows.runtime.nodes].reverse(), new Map([['late', 'global/late.json']]));
    assert.deepEqual(await versions(), ['1.0.0 files']);
    await flows.service.loaded([...late({ input: '{}' }), partner], new Map([['late', 'global/late.json']]));
    assert.deepEqual(await versions(), ['1.1.0 files', '1.0.0 files'], 'changed while nothing was running');
  });

  it('get a version a changed flow with each deploy, from the editor as from the API, with author, message, findings and tests', async () => {
    await editorDeploys([...late({ name: 'x' }), partner]);
    await deploy(late({ input: '{}' }));
    assert.deepEqual(await versions(), ['1.1.0 api', '1.0.1 editor', '1.0.0 files']);
    assert.deepEqual(await versions('global-config'), ['1.0.0 files']);
    const latest = await ledger.flowFile('late', '1.1.0');
    assert.deepEqual(
      [latest?.author, latest?.message, latest?.lint, latest?.tests, latest?.path],
      ['token:ada', 'because', [], testResult, 'global/late.json'],
    );
    assert.equal(hashOf(latest?.content), contentHash(late({ input: '{}' })));
    assert.equal((await ledger.flowFile('late', '1.0.1'))?.message, 'nodes: 1 changed');
    assert.equal(flows.runtime.drains, 2);
  });

  it('leave each change in the audit chain, with before and after', async () => {
    await deploy(late({ input: '{}' }));
    const { items } = await ledger.audit({ subject: 'flow:late' }, { limit: 10 });
    const [entry] = items;
    assert.deepEqual(
      [
        entry?.action,
        entry?.actor,
        entry?.reason,
        (entry?.before as { version?: string } | undefined)?.version,
        (entry?.after as { version?: string } | undefined)?.version,
      ],
      ['flows.deploy', 'token:ada', 'because', '1.0.0', '1.1.0'],
    );
  });

  it('say which versions a run executed', async () => {
    const { nodes } = await flows.service.running();
    const hash = runVersions(nodes).get('late')?.hash ?? '';
    assert.deepEqual((await ledger.flowVersion(hash))?.content, {
      versions: { 'global-config': '1.0.0', late: '1.0.0' },
    });
  });

  it('are not written over by who has not seen what runs: the answer is the difference', async () => {
    const stale = flows.runtime.revOf();
    await editorDeploys([...late({ input: '{}' }), partner]);
    await assert.rejects(deploy(late({ input: '[]' }), { rev: stale }), (error: unknown) => {
      assert.ok(error instanceof FlowsStaleError);
      assert.deepEqual(error.current, { rev: flows.runtime.revOf() });
      assert.deepEqual(error.diff[0]?.nodes[0]?.properties, [{ path: ['input'], before: '{}', after: '[]' }]);
      return true;
    });
    assert.deepEqual(await versions(), ['1.1.0 editor', '1.0.0 files']);
  });

  it('are not deployed with an error; the refusal is audited and nothing drains', async () => {
    const broken = late({ wires: [['gone']] });
    await assert.rejects(deploy(broken), FlowsRefusedError);
    await assert.rejects(editorDeploys([...broken, partner]), FlowsRefusedError);
    assert.deepEqual(await versions(), ['1.0.0 files']);
    assert.equal(flows.runtime.drains, 0);
    const { items } = await ledger.audit({ subject: 'flow:late' }, { limit: 10 });
    assert.deepEqual(
      items.map(({ outcome }) => outcome),
      ['refused', 'refused', 'done'],
    );
  });

  it('can be mended step by step in the editor while something else is broken, but not promoted so', async () => {
    const worn = [...late({ wires: [['gone']] }), partner];
    flows.runtime.nodes = worn;
    await editorDeploys(worn.map((one) => (one.id === 'late' ? { ...one, info: 'better' } : one)));
    await assert.rejects(deploy(late({ wires: [['gone']], name: 'n' })), FlowsRefusedError);
  });

  it('never take a secret, and the refusal does not repeat it', async () => {
    const secret = [{ ...partner, secrets: { password: 'hunter2' } }];
    for (const attempt of [
      () => deploy(secret, { rev: 'stale' }),
      () =>
        flows.operations.check({
          rev: 'x',
          files: [{ path: 'global/config.json', nodes: secret }],
          replaceAll: false,
        }),
      () => editorDeploys([...soundFlow(), ...secret]),
    ])
      await assert.rejects(attempt, (error: unknown) => {
        assert.ok(error instanceof FlowsRefusedError);
        assert.equal(error.code, 'SECRET_IN_FLOW');
        assert.match(error.message, /partner-erp: secrets\.password/);
        assert.doesNotMatch(JSON.stringify([error, error.message, error.findings]), /hunter2/);
        return true;
      });
  });

  it('are not promoted when a flow test fails; the editor keeps the result', async () => {
    testResult = {
      passed: 0,
      failed: 1,
      failures: [{ flowId: 'late', test: 'to a person', message: 'no case' }],
      durationMs: 1,
    };
    await assert.rejects(deploy(late({ input: '{}' })), (error: unknown) => {
      assert.ok(error instanceof FatalError);
      assert.match(error.message, /late, to a person: no case/);
      return error.code === 'FLOW_TESTS_FAILED';
    });
    await editorDeploys([...late({ input: '{}' }), partner]);
    await waitUntil(async () => (await ledger.flowFile('late', '1.1.0'))?.tests !== undefined, {
      what: 'the results',
      everyMs: 5,
    });
    assert.deepEqual((await ledger.flowFile('late', '1.1.0'))?.tests, testResult);
  });

  it('say beforehand what a deploy would change, and what would be left without a node', async () => {
    flows.runtime.waiting = [{ nodeId: 'late.end', waiting: 3 }];
    const check = await flows.operations.check({
      rev: flows.runtime.revOf(),
      files: [
        { path: 'global/late.json', nodes: late({ wires: [[]] }).filter(({ id }) => id !== 'late.end') },
      ],
      replaceAll: false,
    });
    assert.deepEqual(check.stranded, flows.runtime.waiting);
    assert.deepEqual(check.findings, []);
    assert.deepEqual(check.tests, testResult);
    assert.deepEqual(
      check.diff[0]?.nodes.map(({ id, change }) => `${change} ${id}`),
      ['changed late.act', 'removed late.end'],
    );
    assert.deepEqual(await versions(), ['1.0.0 files']);
  });

  it('keep what a set does not name, unless it is all there shall be', async () => {
    await deploy(
      [...soundFlow('b')].map((one) => ({ ...one })),
      { files: [{ path: 'regions/na-us/b.json', nodes: soundFlow('b') }] },
    );
    assert.deepEqual(
      (await flows.operations.list()).items.map(({ flowId, path }) => `${flowId} ${path}`),
      ['b regions/na-us/b.json', 'global-config global/config.json', 'late global/late.json'],
    );
    await deploy([], {
      files: [{ path: 'global/late.json', nodes: [...soundFlow(), partner] }],
      replaceAll: true,
    });
    assert.deepEqual(
      (await flows.operations.list()).items.map(({ flowId }) => flowId),
      ['global-config', 'late'],
    );
    assert.deepEqual(
      await versions('b'),
      ['2.0.0 api', '1.0.0 api'],
      'its history stays, and says that it is gone',
    );
  });

  it('do nothing when nothing differs', async () => {
    assert.equal(await deploy(soundFlow()), undefined);
    assert.equal(flows.runtime.drains, 0);
  });

  it('go back one step, as a new version; back again is forward', async () => {
    await deploy(late({ input: '{}' }));
    const back = (expectedVersion: string, version?: string) =>
      flows.operations.rollback({
        flowId: 'late',
        expectedVersion,
        reason: 'worse',
        author: 'token:eve',
        watchMs: 0,
        ...(version === undefined ? {} : { version }),
      });
    await assert.rejects(back('1.0.0'), (error: unknown) => {
      assert.ok(error instanceof FlowsStaleError);
      assert.deepEqual(error.current, { version: '1.1.0' });
      assert.equal(error.diff[0]?.nodes[0]?.id, 'late.act');
      return true;
    });
    const done = await back('1.1.0');
    assert.deepEqual(done?.changes, { late: { before: '1.1.0', after: '1.2.0' } });
    assert.equal(hashOf((await ledger.flowFile('late', '1.2.0'))?.content), contentHash(soundFlow()));
    await back('1.2.0', '1.1.0');
    assert.equal(
      hashOf((await ledger.flowFile('late', '1.3.0'))?.content),
      contentHash(late({ input: '{}' })),
    );
    assert.deepEqual(await versions(), ['1.3.0 rollback', '1.2.0 rollback', '1.1.0 api', '1.0.0 files']);
    assert.equal((await ledger.flowFile('late', '1.2.0'))?.message, 'back to 1.0.0: worse');
    await assert.rejects(back('1.3.0', '9.9.9'), { code: 'VERSION_UNKNOWN' });
    await assert.rejects(
      flows.operations.rollback({
        ...{ flowId: 'global-config', expectedVersion: '1.0.0' },
        reason: 'r',
        author: 'a',
        watchMs: 0,
      }),
      { code: 'NOTHING_BEFORE' },
    );
  });

  it('bring a removed flow back to its file', async () => {
    await editorDeploys([partner, ...soundFlow('b')]);
    assert.deepEqual(await versions(), ['2.0.0 editor', '1.0.0 files']);
    await flows.operations.rollback({
      flowId: 'late',
      expectedVersion: '2.0.0',
      reason: 'needed',
      author: 'a',
      watchMs: 0,
    });
    assert.deepEqual(await versions(), ['3.0.0 rollback', '2.0.0 editor', '1.0.0 files']);
    assert.equal(flows.runtime.files.get('late'), 'global/late.json');
  });

  it('carry tags: a set of versions with its files, which never moves', async () => {
    const tag = await flows.operations.tag({ name: 'r1', message: '', author: 'a' });
    assert.deepEqual(tag.versions, { 'global-config': '1.0.0', late: '1.0.0' });
    await deploy(late({ input: '{}' }));
    await assert.rejects(flows.operations.tag({ name: 'r1', message: '', author: 'a' }), {
      code: 'TAG_TAKEN',
    });
    await assert.rejects(flows.operations.tag({ name: 'r2', message: '', author: 'a', flows: ['x'] }), {
      code: 'VERSION_UNKNOWN',
    });
    const tagged = await flows.operations.tagged('r1');
    assert.deepEqual(tagged?.files.map(({ path }) => path).sort(), [
      'global/config.json',
      'global/late.json',
    ]);
    const other = openFlows(ledger);
    other.runtime.nodes = [tab('x')];
    const check = await other.operations.check({
      rev: other.runtime.revOf(),
      files: tagged?.files ?? [],
      replaceAll: false,
    });
    assert.deepEqual(
      check.diff.map(({ flowId }) => flowId),
      ['global-config', 'late'],
    );
    assert.equal(await flows.operations.tagged('none'), undefined);
  });

  it('refuse a set that has a flow in two files', async () => {
    const files = ['global/a.json', 'global/b.json'].map((path) => ({ path, nodes: soundFlow() }));
    await assert.rejects(deploy([], { files }), { code: 'BAD_FLOW_FILE' });
  });

  describe('while a deploy is watched', () => {
    const changed = late({ input: '{}' });

    it('prove their health: the window passes, the flows run, and what waits at removed nodes is let go', async () => {
      flows.runtime.waiting = [{ nodeId: 'gone', waiting: 1 }];
      const begun = await deploy(changed, { watchMs: 30 });
      assert.equal(begun?.state, 'watching');
      assert.deepEqual(flows.runtime.released, [], 'not before it is proved: taking back would mend it');
      assert.equal((await ended(begun?.id))?.state, 'healthy');
      assert.deepEqual(flows.runtime.released, ['gone']);
      assert.deepEqual(await versions(), ['1.1.0 api', '1.0.0 files']);
    });

    const sick: [string, () => unknown, RegExp][] = [
      [
        'attempts fail',
        () => Object.assign(flows.runtime.attempts, { ended: 15, failed: 11 }),
        /11 of 15 attempts/,
      ],
      [
        'dead letters burst',
        async () => {
          const reason = { code: 'NODE_GONE', message: 'm' };
          await ledger.addDeadLetters(
            0,
            [1, 2, 3, 4].map((id) => ({
              id: `d${id}`,
              kind: 'run',
              ref: 'r',
              reason,
              fingerprint: 'f',
              attempt: 1,
              at: Date.now() + 1000,
            })),
          );
        },
        /4 dead letters/,
      ],
    ];
    for (const [what, sicken, reason] of sick)
      it(`are taken back by themselves when ${what}`, async () => {
        const begun = await deploy(changed, { watchMs: 10_000 });
        await sicken();
        const over = await ended(begun?.id);
        assert.equal(over?.state, 'rolled-back');
        assert.match(JSON.stringify(over?.detail), reason);
        assert.deepEqual(await versions(), ['1.2.0 auto-rollback', '1.1.0 api', '1.0.0 files']);
        const own = flows.runtime.nodes.filter(({ id, z }) => id === 'late' || z === 'late');
        assert.equal(contentHash(own), contentHash(soundFlow()));
        const { items } = await ledger.audit({ subject: 'flow:late' }, { limit: 1 });
        assert.deepEqual([items[0]?.action, items[0]?.actor], ['flows.rollback', 'system']);
      });

    it('lose a new flow again, and keep what another deploy brought before', async () => {
      await editorDeploys([...soundFlow(), ...soundFlow('kept'), partner]);
      const begun = await deploy([], {
        watchMs: 10_000,
        files: [{ path: 'global/b.json', nodes: soundFlow('b') }],
      });
      flows.runtime.attempts = { ended: 20, failed: 20 };
      assert.equal((await ended(begun?.id))?.state, 'rolled-back');
      assert.deepEqual(
        (await flows.operations.list()).items.map(({ flowId }) => flowId),
        ['global-config', 'kept', 'late'],
      );
    });

    it('are left alone when somebody else deploys meanwhile', async () => {
      const begun = await deploy(changed, { watchMs: 10_000 });
      await editorDeploys([...late({ input: '[]' }), partner]);
      flows.runtime.attempts = { ended: 20, failed: 20 };
      assert.equal((await ended(begun?.id))?.state, 'superseded');
      assert.deepEqual(await versions(), ['1.2.0 editor', '1.1.0 api', '1.0.0 files']);
    });

    it('say so when they cannot be taken back', async () => {
      const begun = await deploy(changed, { watchMs: 10_000 });
      flows.runtime.apply = async () => {
        throw new Error('Node-RED is gone');
      };
      flows.runtime.attempts = { ended: 20, failed: 20 };
      const over = await ended(begun?.id);
      assert.equal(over?.state, 'failed');
      assert.match(JSON.stringify(over?.detail), /Node-RED is gone/);
    });

    async function folderWith(nodes: FlowNode[]): Promise<string> {
      const folder = tempDir('flow-recover');
      mkdirSync(join(folder, 'global'));
      writeFileSync(join(folder, 'global', 'late.json'), JSON.stringify(nodes));
      writeFileSync(join(folder, 'global', 'config.json'), JSON.stringify([partner]));
      return folder;
    }

    it('are taken back at the next start when the process ended in between', async () => {
      const begun = await deploy(changed, { watchMs: 10_000 });
      const folder = await folderWith(changed);
      const next = openFlows(ledger);
      await next.service.recover(folder);
      assert.equal((await ledger.deployment(begun?.id ?? ''))?.state, 'rolled-back');
      const { nodes } = await readFlowFolder(folder);
      assert.equal(nodes.find(({ id }) => id === 'late.act')?.input, undefined);
      assert.deepEqual(await versions(), ['1.2.0 auto-rollback', '1.1.0 api', '1.0.0 files']);
    });

    it('are watched again after a stop in order', async () => {
      const begun = await deploy(changed, { watchMs: 20 });
      await flows.service.stop();
      const folder = await folderWith(changed);
      const before = readFileSync(join(folder, 'global', 'late.json'), 'utf8');
      const next = openFlows(ledger);
      next.runtime.nodes = [...changed, partner];
      await next.service.recover(folder);
      assert.equal(readFileSync(join(folder, 'global', 'late.json'), 'utf8'), before);
      await next.service.flowsStarted();
      assert.equal((await ended(begun?.id))?.state, 'healthy');
      await next.service.stop();
    });
  });

  it('stay as they are when the ledger or the disk fails in the middle: runs go on', async () => {
    await assert.rejects(
      flows.service.saving([...late({ input: '{}' }), partner], new Map(), { username: 'ada' }, async () => {
        throw new Error('disk full');
      }),
      /disk full/,
    );
    assert.equal(flows.runtime.resumes, 1);
    await flows.service.loaded([...soundFlow(), partner], new Map([['late', 'global/late.json']]));
    assert.deepEqual(
      await versions(),
      ['1.2.0 files', '1.1.0 editor', '1.0.0 files'],
      'the next start says what the files hold',
    );
  });
});
