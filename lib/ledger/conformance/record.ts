/** The commit of a record: facts, shipments, cases, runs and audit, all or nothing. */
import assert from 'node:assert/strict';
import { VersionConflictError } from '../../model/errors';
import { aCaseWrite, aCommit, advanceCase, aFactSeed, anAudit, aRun, aView } from './builders';
import { type Bench, type LedgerHarness, startBench } from './harness';

const day = 24 * 3_600_000;
const subject = 'ord:shop:4711';

export function recordConformance(harness: LedgerHarness): void {
  describe('record', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const commit = (overrides: Parameters<typeof aCommit>[0], partition = 0) =>
      bench.ledger.record(partition, aCommit(overrides));

    it('commits facts, view, case, run and audit together, as they are read back', async () => {
      const seed = {
        ...aFactSeed({ exception: { code: 'FINAL_MILE_DELAYED' } }),
        rawId: 'raw-1',
        runId: 'run-1',
      };
      const write = aCaseWrite({}, [seed]);
      const view = aView([seed]);
      const answer = await commit({
        facts: [seed],
        shipments: [{ key: subject, expectedVersion: 0, view }],
        cases: [write],
        runs: [aRun({ id: 'case-run', kind: 'case', caseId: write.state.id })],
        audit: [anAudit()],
      });
      assert.deepEqual(answer, { facts: ['appended'] });
      const stored = await bench.ledger.fact(seed.fact.id);
      assert.ok(stored);
      assert.deepEqual({ ...stored, seq: 0 }, { ...seed, partition: 0, seq: 0 });
      assert.deepEqual(await bench.ledger.shipment(subject), { key: subject, version: 1, view });
      assert.deepEqual(await bench.ledger.case(write.state.id), write.state);
      assert.deepEqual(await bench.ledger.caseEvents(write.state.id), write.events);
      assert.deepEqual(await bench.ledger.factsByCase(write.state.id), [stored]);
      assert.equal((await bench.ledger.run('case-run'))?.state, 'queued');
      assert.equal((await bench.ledger.auditChain(0, 1, 10)).length, 1);
    });

    it('skips facts that are known', async () => {
      const first = aFactSeed();
      const second = aFactSeed();
      await commit({ facts: [first] });
      assert.deepEqual(await commit({ facts: [first, second, second] }), {
        facts: ['duplicate', 'appended', 'duplicate'],
      });
      assert.equal((await bench.ledger.factsBySubjects([subject], 10)).length, 2);
    });

    it('writes nothing when a shipment has moved on', async () => {
      const seed = aFactSeed();
      const view = aView([seed]);
      await commit({ shipments: [{ key: subject, expectedVersion: 0, view }] });
      for (const expectedVersion of [0, 2]) {
        await assert.rejects(
          commit({
            facts: [seed],
            shipments: [{ key: subject, expectedVersion, view }],
            runs: [aRun({ id: 'x' })],
            audit: [anAudit()],
          }),
          VersionConflictError,
        );
      }
      assert.equal(await bench.ledger.fact(seed.fact.id), undefined);
      assert.equal(await bench.ledger.run('x'), undefined);
      assert.deepEqual(await bench.ledger.auditChain(0, 1, 10), []);
      await commit({ facts: [seed], shipments: [{ key: subject, expectedVersion: 1, view }] });
      assert.equal((await bench.ledger.shipment(subject))?.version, 2);
    });

    it('lets one of many concurrent writers of a shipment win', async () => {
      const writers = await Promise.allSettled(
        Array.from({ length: 10 }, () => {
          const seed = aFactSeed();
          return commit({
            facts: [seed],
            shipments: [{ key: subject, expectedVersion: 0, view: aView([seed]) }],
          });
        }),
      );
      assert.equal(writers.filter((writer) => writer.status === 'fulfilled').length, 1);
      assert.equal((await bench.ledger.factsBySubjects([subject], 100)).length, 1);
    });

    it('writes nothing when a case has moved on', async () => {
      const write = aCaseWrite();
      await commit({ cases: [write] });
      const note = advanceCase(
        write.state,
        { type: 'note', by: 'ada', role: 'operator', text: 'called' },
        2000,
      );
      await commit({ cases: [note] });
      await assert.rejects(commit({ cases: [note], audit: [anAudit()] }), VersionConflictError);
      await assert.rejects(commit({ cases: [write] }), VersionConflictError);
      assert.deepEqual(await bench.ledger.case(write.state.id), note.state);
      assert.equal((await bench.ledger.caseEvents(write.state.id)).length, 2);
      assert.deepEqual(await bench.ledger.auditChain(0, 1, 10), []);
    });

    it('refuses a second open case for the same tenant, subject and code', async () => {
      const first = aCaseWrite();
      await commit({ cases: [first] });
      const seed = aFactSeed();
      await assert.rejects(commit({ facts: [seed], cases: [aCaseWrite({}, [seed])] }), VersionConflictError);
      assert.equal(await bench.ledger.fact(seed.fact.id), undefined);
      await commit({ cases: [aCaseWrite({ code: 'DAMAGED' }), aCaseWrite({ subject: 'ord:shop:1' })] });
      const twice = [aCaseWrite({ subject: 'ord:shop:2' }), aCaseWrite({ subject: 'ord:shop:2' })];
      await assert.rejects(commit({ cases: twice }), VersionConflictError);
      const suppressed = advanceCase(
        first.state,
        { type: 'suppress', by: 'ada', role: 'supervisor', reason: 'known', until: 9000 },
        2000,
      );
      await commit({ cases: [suppressed] });
      await commit({ cases: [aCaseWrite()] });
    });

    it('tells a record what it needs to know, in one read', async () => {
      const seed = aFactSeed();
      const view = aView([seed]);
      const now = 100 * day;
      const old = aCaseWrite({ at: now - 50 * day });
      const recent = aCaseWrite({ code: 'DAMAGED', at: now - 40 * day });
      const open = aCaseWrite({ code: 'LOST', at: now - 90 * day });
      const elsewhere = aCaseWrite({ subject: 'ord:shop:1' });
      await commit({
        facts: [seed],
        shipments: [{ key: subject, expectedVersion: 0, view }],
        cases: [old, recent, open, elsewhere],
      });
      const end = (write: typeof old, at: number) =>
        advanceCase(
          write.state,
          { type: 'suppress', by: 'ada', role: 'supervisor', reason: 'x', until: at + 1 },
          at,
        );
      const ended = end(recent, now - 29 * day);
      await commit({ cases: [end(old, now - 31 * day), ended] });
      const context = await bench.ledger.recordContext(0, {
        factIds: ['nobody', seed.fact.id],
        subjects: [subject, 'ord:shop:none'],
        now,
      });
      assert.deepEqual(context.knownFactIds, [seed.fact.id]);
      assert.deepEqual(context.shipments, [{ key: subject, version: 1, view }]);
      assert.deepEqual(context.cases, [ended.state, open.state]);
    });

    it('does not let a refused record disturb others of the same moment', async () => {
      const fine = Array.from({ length: 8 }, () => aFactSeed());
      await commit({ cases: [aCaseWrite()] });
      const results = await Promise.allSettled(
        fine.flatMap((seed) => [
          commit({ facts: [seed] }),
          commit({ facts: [aFactSeed()], cases: [aCaseWrite()] }),
        ]),
      );
      assert.deepEqual(
        results.map((result) => result.status),
        fine.flatMap(() => ['fulfilled', 'rejected']),
      );
      assert.equal((await bench.ledger.factsBySubjects([subject], 100)).length, fine.length);
    });
  });
}
