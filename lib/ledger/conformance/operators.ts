/** The audit chain, replays, partner controls, idempotent requests, flow versions, and two ledgers side by side. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chainHash, verifyChain } from '../../model/audit';
import { signHeads } from '../../model/audit-heads';
import { FatalError } from '../../model/errors';
import type { AuditEntry } from '../operators';
import { anAudit, anItem, aReplay, aReplayItem } from './builders';
import { type Bench, type LedgerHarness, readAll, startBench } from './harness';

export function operatorConformance(harness: LedgerHarness): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench(harness);
  });
  afterEach(() => harness.close());

  describe('audit', () => {
    const chain = (partition = 0) => bench.ledger.auditChain(partition, 1, 1000);

    it('chains the entries of a partition without a gap, also when they come at once', async () => {
      const full = anAudit({ reason: 'why', before: { a: 1 }, after: { a: [2, undefined], b: undefined } });
      await bench.ledger.appendAudit(0, [anAudit(), full]);
      await Promise.all(
        Array.from({ length: 20 }, () => bench.ledger.appendAudit(0, [anAudit(), anAudit()])),
      );
      await bench.ledger.appendAudit(1, [anAudit()]);
      const entries = await chain();
      assert.deepEqual(
        entries.map((entry) => entry.seq),
        Array.from({ length: 42 }, (_, index) => index + 1),
      );
      assert.equal(verifyChain(entries).ok, true);
      assert.equal(verifyChain(await chain(1)).ok, true);
      const last = entries.at(-1);
      assert.equal(last?.hash, chainHash(entries.at(-2)?.hash ?? '', last ?? {}));
    });

    it('answers the entries as they are read back', async () => {
      const answered = await bench.ledger.appendAudit(0, [
        anAudit({ before: { x: undefined, y: 1 } }),
        anAudit(),
      ]);
      assert.deepEqual(await chain(), answered);
    });

    it('goes on with the chain after it was opened again', async () => {
      await bench.ledger.appendAudit(0, [anAudit()]);
      const again = await harness.reopen();
      await again.appendAudit(0, [anAudit()]);
      const entries = await again.auditChain(0, 1, 10);
      assert.deepEqual([entries.length, verifyChain(entries).ok], [2, true]);
    });

    it('shows when an entry was changed, dropped or put in', async () => {
      await bench.ledger.appendAudit(0, [anAudit(), anAudit({ actor: 'eve' }), anAudit()]);
      const entries = await chain();
      const changed = entries.map((entry) => (entry.actor === 'eve' ? { ...entry, actor: 'ada' } : entry));
      const dropped = entries.filter((entry) => entry.actor !== 'eve');
      const doubled = entries.flatMap((entry) => (entry.actor === 'eve' ? [entry, entry] : [entry]));
      for (const forged of [changed, dropped, doubled] as AuditEntry[][])
        assert.equal(verifyChain(forged).ok, false);
    });

    it('knows the last link of every chain, and keeps signed heads once a number', async () => {
      await bench.ledger.appendAudit(0, [anAudit(), anAudit()]);
      const [three] = await bench.ledger.appendAudit(3, [anAudit()]);
      const heads = await bench.ledger.chainHeads();
      assert.deepEqual(
        heads.map(({ partition, seq }) => `${partition}/${seq}`),
        ['0/2', '3/1'],
      );
      assert.equal(heads[1]?.hash, three?.hash);
      const { privateKey } = generateKeyPairSync('ed25519');
      const first = signHeads({ heads, at: 1000, before: undefined }, privateKey);
      const second = signHeads({ heads, at: 2000, before: first }, privateKey);
      assert.equal(await bench.ledger.lastSignedHeads(), undefined);
      assert.equal(await bench.ledger.appendSignedHeads(first), true);
      assert.equal(await bench.ledger.appendSignedHeads({ ...first, at: 5 }), false);
      await bench.ledger.appendSignedHeads(second);
      const again = await harness.reopen();
      assert.deepEqual(await again.lastSignedHeads(), second);
      assert.deepEqual(await again.signedHeads(1, 1), [first]);
      assert.deepEqual(await again.signedHeads(2, 10), [second]);
    });

    it('is read in pages: by subject, by actor, and as a chain from any link', async () => {
      await bench.ledger.appendAudit(0, [
        anAudit({ subject: 's1', actor: 'ada', at: 1000 }),
        anAudit({ subject: 's2', actor: 'ada', at: 1000 }),
        anAudit({ subject: 's1', actor: 'eve', at: 2000 }),
      ]);
      await bench.ledger.appendAudit(1, [anAudit({ subject: 's1', actor: 'ada', at: 1500 })]);
      type Filter = Parameters<Bench['ledger']['audit']>[0];
      const places = async (filter: Filter) =>
        (
          await readAll((cursor) =>
            bench.ledger.audit(filter, { limit: 1, ...(cursor === undefined ? {} : { cursor }) }),
          )
        ).map((entry) => `${entry.partition}/${entry.seq}`);
      assert.deepEqual(await places({}), ['0/3', '1/1', '0/2', '0/1']);
      assert.deepEqual(await places({ subject: 's1' }), ['0/3', '1/1', '0/1']);
      assert.deepEqual(await places({ actor: 'ada', partition: 0 }), ['0/2', '0/1']);
      const from = await bench.ledger.auditChain(0, 2, 1);
      assert.deepEqual(
        from.map((entry) => entry.seq),
        [2],
      );
    });
  });

  describe('replays', () => {
    it('freezes its items when it is created', async () => {
      const replay = aReplay({ canary: 2 });
      const items = [0, 1, 2].map((ordinal) => aReplayItem(replay.id, ordinal, { edit: { fixed: true } }));
      await bench.ledger.createReplay(replay, items);
      await assert.rejects(bench.ledger.createReplay(replay, [aReplayItem(replay.id, 3)]), FatalError);
      assert.deepEqual(await bench.ledger.replay(replay.id), replay);
      const change = {
        replayId: replay.id,
        ordinal: 1,
        outcome: 'done' as const,
        runId: 'run-9',
        effects: [{ key: 'e' }],
      };
      await bench.ledger.updateReplayItem({
        ...change,
        ref: 'another',
        orderKey: 'another',
        edit: 'another',
      });
      const read = await readAll((cursor) =>
        bench.ledger.replayItems(replay.id, { limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
      );
      assert.deepEqual(read, [items[0], { ...items[1], ...change }, items[2]]);
      await assert.rejects(bench.ledger.updateReplayItem({ replayId: replay.id, ordinal: 9 }), FatalError);
    });

    it('changes state only from the states that were named', async () => {
      const replay = aReplay();
      await bench.ledger.createReplay(replay, []);
      const set = (from: Parameters<Bench['ledger']['setReplayState']>[1], to: typeof replay.state) =>
        bench.ledger.setReplayState(replay.id, from, to, 5000);
      assert.equal(await set(['running'], 'paused'), false);
      const started = await Promise.all([set(['planned'], 'running'), set(['planned'], 'running')]);
      assert.deepEqual(started.sort(), [false, true]);
      assert.equal((await bench.ledger.replay(replay.id))?.endedAt, undefined);
      assert.equal(await set(['running', 'paused'], 'done'), true);
      const read = await bench.ledger.replay(replay.id);
      assert.deepEqual([read?.state, read?.endedAt], ['done', 5000]);
      assert.equal(await bench.ledger.setReplayState('nobody', ['planned'], 'running', 1), false);
    });

    it('are listed newest first', async () => {
      const replays = [aReplay(), aReplay(), aReplay()];
      for (const replay of replays) await bench.ledger.createReplay(replay, []);
      const read = await readAll((cursor) =>
        bench.ledger.replays({ limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
      );
      assert.deepEqual(read, replays.reverse());
    });
  });

  describe('partner controls', () => {
    it('keep the last setting of each partner', async () => {
      const control = { partner: 'p', held: true, draining: false, by: 'ada', reason: 'outage', at: 1000 };
      await bench.ledger.setPartnerControl({ ...control, mode: 'observe' });
      await bench.ledger.setPartnerControl({ ...control, partner: 'q' });
      await bench.ledger.setPartnerControl({ ...control, held: false, draining: true, at: 2000 });
      assert.deepEqual(await bench.ledger.partnerControls(), [
        { ...control, held: false, draining: true, at: 2000 },
        { ...control, partner: 'q' },
      ]);
    });
  });

  describe('idempotent requests', () => {
    const begin = (overrides: object = {}) =>
      bench.ledger.beginRequest({
        key: 'k',
        actor: 'ada',
        bodyHash: 'h',
        now: 1000,
        staleMs: 500,
        ...overrides,
      });

    it('answers a repeated request with the first result', async () => {
      assert.deepEqual(await begin(), { state: 'new' });
      assert.deepEqual(await begin(), { state: 'in-flight' });
      await bench.ledger.finishRequest({ key: 'k', actor: 'ada', status: 201, body: { id: 7 }, now: 1100 });
      await bench.ledger.finishRequest({ key: 'k', actor: 'ada', status: 500, body: null, now: 1200 });
      assert.deepEqual(await begin({ now: 99_999 }), { state: 'done', status: 201, body: { id: 7 } });
    });

    it('tells another body apart, and another actor', async () => {
      await begin();
      assert.deepEqual(await begin({ bodyHash: 'other' }), { state: 'mismatch' });
      assert.deepEqual(await begin({ actor: 'eve' }), { state: 'new' });
    });

    it('lets a request begin again when the first try has been gone for too long', async () => {
      await begin();
      assert.deepEqual(await begin({ now: 1500 }), { state: 'in-flight' });
      assert.deepEqual(await begin({ now: 1501 }), { state: 'new' });
      assert.deepEqual(await begin({ now: 1600 }), { state: 'in-flight' });
    });

    it('lets one of two requests at once begin', async () => {
      const states = (await Promise.all([begin(), begin()])).map((answer) => answer.state);
      assert.deepEqual(states.sort(), ['in-flight', 'new']);
    });
  });

  describe('flow versions', () => {
    it('are kept by their content hash, the first label stays', async () => {
      const version = {
        id: 'sha',
        flowId: 'f',
        label: '1.0.0',
        content: { nodes: [] },
        author: 'ada',
        at: 1000,
      };
      await bench.ledger.saveFlowVersion(version);
      await bench.ledger.saveFlowVersion({ ...version, label: '2.0.0' });
      assert.deepEqual(await bench.ledger.flowVersion('sha'), version);
      assert.equal(await bench.ledger.flowVersion('none'), undefined);
    });
  });

  describe('the ledger as a whole', () => {
    it('says what it is and that it would commit', async () => {
      await bench.ledger.ready();
      assert.equal(typeof bench.ledger.capabilities.onlineBackup, 'boolean');
      assert.equal(typeof bench.ledger.capabilities.sharedBetweenProcesses, 'boolean');
    });

    it('waits for calls under way when it is closed, and refuses later ones', async () => {
      const items = Array.from({ length: 20 }, () => anItem());
      const accepted = items.map((item) => bench.ledger.accept(0, [item]));
      await bench.ledger.close();
      assert.equal((await Promise.all(accepted)).flat().length, 20);
      await assert.rejects(bench.ledger.accept(0, [anItem()]), FatalError);
      await bench.ledger.close();
    });

    it('shares nothing with another ledger', async () => {
      const [one, two] = await harness.isolatedPair();
      const item = anItem();
      await one.accept(0, [item]);
      await one.appendAudit(0, [anAudit()]);
      assert.equal(await two.rawPayload(item.id), undefined);
      assert.deepEqual(
        (await two.accept(0, [item])).map((answer) => answer.status),
        ['accepted'],
      );
      assert.deepEqual(await two.auditChain(0, 1, 10), []);
    });
  });
}
