/** What people ask of facts, cases and identifiers. */
import assert from 'node:assert/strict';
import { FatalError } from '../../model/errors';
import { aCaseWrite, aCommit, advanceCase, aFactSeed } from './builders';
import { type Bench, type LedgerHarness, readAll, startBench } from './harness';

const start = 1_700_000_000_000;

export function caseConformance(harness: LedgerHarness): void {
  describe('case and fact lists', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const commit = (overrides: Parameters<typeof aCommit>[0]) => bench.ledger.record(0, aCommit(overrides));
    type CasesArgs = Parameters<Bench['ledger']['cases']>;
    const listIds = async (filter: CasesArgs[0], sort?: NonNullable<CasesArgs[1]['sort']>, limit = 50) =>
      (
        await readAll((cursor) =>
          bench.ledger.cases(filter, {
            limit,
            ...(sort === undefined ? {} : { sort }),
            ...(cursor === undefined ? {} : { cursor }),
          }),
        )
      ).map((state) => state.id);
    const factIds = async (filter: Parameters<Bench['ledger']['facts']>[0], limit = 50) =>
      (
        await readAll((cursor) =>
          bench.ledger.facts(filter, { limit, ...(cursor === undefined ? {} : { cursor }) }),
        )
      ).map((stored) => stored.fact.dedupKey);

    it('limits cases to regions with their subdivisions, and to partners, in lists and counts', async () => {
      const places = [
        { id: 'de', region: 'DE', partner: 'p1' },
        { id: 'by', region: 'DE-BY', partner: 'p2' },
        { id: 'us', region: 'US', partner: 'p1' },
        { id: 'none', partner: 'p1' },
      ];
      await commit({
        cases: places.map((place, at) => aCaseWrite({ ...place, subject: place.id, at: 1000 + at })),
      });
      assert.deepEqual(await listIds({ scope: { regions: ['DE'] } }), ['by', 'de']);
      assert.deepEqual(await listIds({ scope: { regions: ['DE-BY', 'US'] } }, 'detectedAt'), ['by', 'us']);
      assert.deepEqual(await listIds({ scope: { partners: ['p1'] } }, 'severity'), ['de', 'us', 'none']);
      assert.deepEqual(await listIds({ scope: { regions: ['DE'], partners: ['p1'] } }, undefined, 1), ['de']);
      assert.deepEqual(await listIds({ region: 'US', scope: { regions: ['DE'] } }), []);
      const count = async (scope: CasesArgs[0]['scope']) =>
        (await bench.ledger.caseCounts(scope)).reduce((sum, row) => sum + row.count, 0);
      assert.deepEqual(
        [await count({ regions: ['DE'] }), await count({ partners: ['p9'] }), await count(undefined)],
        [2, 0, 4],
      );
    });

    it('limits facts to some partners', async () => {
      const facts = ['p1', 'p2', 'p3'].map((partner) => aFactSeed({ partner, dedupKey: partner }));
      await commit({ facts });
      assert.deepEqual((await factIds({ partners: ['p1', 'p3'] })).sort(), ['p1', 'p3']);
      assert.deepEqual(await factIds({ partners: [] }), []);
      assert.deepEqual(await factIds({ partner: 'p2', partners: ['p1'] }), []);
    });

    it('filters cases by each field', async () => {
      const a = aCaseWrite({
        id: 'a',
        subject: 's1',
        region: 'US',
        warehouse: 'W1',
        partner: 'p1',
        at: 1000,
      });
      const b = aCaseWrite({ id: 'b', subject: 's2', code: 'LOST', region: 'DE', partner: 'p2', at: 2000 });
      await commit({ cases: [a, b] });
      const assigned = advanceCase(
        b.state,
        { type: 'assign', by: 'ada', role: 'operator', assignee: 'grace' },
        3000,
      );
      await commit({ cases: [assigned] });
      assert.deepEqual(await listIds({}), ['b', 'a']);
      assert.deepEqual(await listIds({ region: 'US' }), ['a']);
      assert.deepEqual(await listIds({ warehouse: 'W1' }), ['a']);
      assert.deepEqual(await listIds({ partner: 'p2' }), ['b']);
      assert.deepEqual(await listIds({ code: ['LOST', 'DAMAGED'] }), ['b']);
      assert.deepEqual(await listIds({ severity: [a.state.severity] }), ['a']);
      assert.deepEqual(await listIds({ assignee: 'grace' }), ['b']);
      assert.deepEqual(await listIds({ state: ['DETECTED'] }), ['b', 'a']);
      assert.deepEqual(await listIds({ state: ['CLOSED', 'DETECTED'], code: ['LOST'] }), ['b']);
      assert.deepEqual(await listIds({ state: ['CLOSED'] }), []);
      assert.deepEqual(await listIds({ state: [] }), []);
    });

    it('sorts by each order and pages through ties', async () => {
      const due = [3000, undefined, 1000, 3000, 2000];
      const writes = due.map((resolveDueAt, index) =>
        aCaseWrite({
          id: `c${index}`,
          subject: `s${index}`,
          at: 1000 + (index % 2),
          ...(index === 4 ? { code: 'LOST' } : {}),
          ...(resolveDueAt === undefined ? {} : { resolveDueAt }),
        }),
      );
      await commit({ cases: writes });
      for (const limit of [1, 2, 50]) {
        assert.deepEqual(await listIds({}, undefined, limit), ['c3', 'c1', 'c4', 'c2', 'c0']);
        assert.deepEqual(await listIds({}, 'detectedAt', limit), ['c0', 'c2', 'c4', 'c1', 'c3']);
        assert.deepEqual(await listIds({}, 'severity', limit), ['c4', 'c0', 'c2', 'c1', 'c3']);
        assert.deepEqual(await listIds({}, 'resolveDueAt', limit), ['c2', 'c4', 'c0', 'c3', 'c1']);
        assert.deepEqual(await listIds({ state: ['DETECTED'] }, 'resolveDueAt', limit), [
          'c2',
          'c4',
          'c0',
          'c3',
          'c1',
        ]);
      }
    });

    it('pages without a gap or a repetition while cases are opened', async () => {
      const writes = Array.from({ length: 9 }, (_, index) =>
        aCaseWrite({ subject: `s${index}`, at: 1000 + index }),
      );
      await commit({ cases: writes });
      let opened = 0;
      const seen = await readAll(async (cursor) => {
        const page = await bench.ledger.cases({}, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
        opened += 1;
        await commit({ cases: [aCaseWrite({ subject: `new${opened}`, at: 9000 })] });
        return page;
      });
      assert.deepEqual(
        seen.map((state) => state.id),
        writes.map((write) => write.state.id).reverse(),
      );
    });

    it('refuses a cursor of another order', async () => {
      await commit({ cases: ['s1', 's2'].map((subject) => aCaseWrite({ subject })) });
      const page = await bench.ledger.cases({}, { limit: 1, sort: 'severity' });
      const cursor = page.nextCursor ?? '';
      await assert.rejects(bench.ledger.cases({}, { limit: 1, sort: 'detectedAt', cursor }), FatalError);
    });

    it('finds cases and facts by any identifier, whole or its beginning, however it is typed', async () => {
      const seed = aFactSeed({ dedupKey: 'one', subject: 's1', order: 'SO-0047 11' });
      const other = aFactSeed({ dedupKey: 'two', subject: 's2', order: '0048' });
      await commit({
        facts: [seed, other],
        cases: [
          aCaseWrite({ id: 'a', subject: 's1' }, [seed]),
          aCaseWrite({ id: 'b', subject: 's2' }, [other]),
        ],
      });
      for (const q of ['SO-0047 11', 'so004711', 'so-00', 'SO']) {
        assert.deepEqual(await listIds({ q }), ['a'], q);
        assert.deepEqual(await factIds({ q }), ['one'], q);
      }
      assert.deepEqual(await listIds({ q: '4711' }), []);
      assert.deepEqual(await listIds({ q: '%' }), []);
      assert.deepEqual(await listIds({ q: '-' }), []);
    });

    it('filters facts by each field, newest first', async () => {
      const seeds = [
        aFactSeed({ dedupKey: 'a', recordedAt: start, partner: 'p1', subject: 's1' }),
        aFactSeed({
          dedupKey: 'b',
          recordedAt: start + 1000,
          partner: 'p2',
          subject: 's2',
          exception: { code: 'LOST' },
        }),
        aFactSeed({ dedupKey: 'c', recordedAt: start + 2000, partner: 'p1', subject: 's2' }),
      ];
      await commit({ facts: seeds });
      assert.deepEqual(await factIds({}, 1), ['c', 'b', 'a']);
      assert.deepEqual(await factIds({ partner: 'p1' }), ['c', 'a']);
      assert.deepEqual(await factIds({ subject: 's2' }), ['c', 'b']);
      assert.deepEqual(await factIds({ code: 'LOST' }), ['b']);
      assert.deepEqual(await factIds({ since: start + 1000 }), ['c', 'b']);
      assert.deepEqual(await factIds({ until: start + 1000 }), ['a']);
      const ordered = await bench.ledger.factsBySubjects(['s2', 's1'], 2);
      assert.deepEqual(
        ordered.map((stored) => stored.fact.dedupKey),
        ['a', 'b'],
      );
    });

    it('walks from an identifier to subjects and on to their identifiers', async () => {
      const first = aFactSeed({ subject: 's1', order: '4711', partner: 'p1' });
      const second = aFactSeed({ subject: 's2', order: '4711', partner: 'p2' });
      await commit({ facts: [first], now: 5000 });
      await commit({ facts: [second, aFactSeed({ subject: 's1', order: '4711' })], now: 6000 });
      assert.deepEqual(await bench.ledger.subjectsOf(['4711', 'none']), [
        {
          kind: 'orderNumber',
          namespace: 'shop',
          value: '4711',
          subject: 's1',
          firstFactId: first.fact.id,
          firstAt: 5000,
          assertedBy: 'p1',
        },
        {
          kind: 'orderNumber',
          namespace: 'shop',
          value: '4711',
          subject: 's2',
          firstFactId: second.fact.id,
          firstAt: 6000,
          assertedBy: 'p2',
        },
      ]);
      const links = await bench.ledger.linksOf(['s2']);
      assert.deepEqual(
        links.map((link) => [link.subject, link.value]),
        [['s2', '4711']],
      );
    });

    it('counts cases that have not ended, by state, code and severity', async () => {
      const a = aCaseWrite({ subject: 's1' });
      const b = aCaseWrite({ subject: 's2' });
      await commit({ cases: [a, b, aCaseWrite({ subject: 's1', code: 'LOST' })] });
      const until = advanceCase(
        a.state,
        { type: 'suppress', by: 'ada', role: 'supervisor', reason: 'x', until: 9000 },
        2000,
      );
      await commit({ cases: [until] });
      const taken = advanceCase(
        b.state,
        { type: 'takeOver', by: 'ada', role: 'operator', reason: 'x' },
        2000,
      );
      await commit({ cases: [taken] });
      const counts = await bench.ledger.caseCounts();
      assert.deepEqual(counts.map((row) => [row.state, row.code, row.count]).sort(), [
        ['DETECTED', 'LOST', 1],
        ['MANUAL', 'FINAL_MILE_DELAYED', 1],
      ]);
    });

    it('finds open cases whose clock ran out, until its escalation', async () => {
      const late = aCaseWrite({ id: 'late', subject: 's1', acknowledgeDueAt: 3000, resolveDueAt: 9000 });
      const later = aCaseWrite({ id: 'later', subject: 's2', resolveDueAt: 4000 });
      const fine = aCaseWrite({ id: 'fine', subject: 's3', acknowledgeDueAt: 50_000 });
      await commit({ cases: [late, later, fine, aCaseWrite({ id: 'none', subject: 's4' })] });
      const ids = async (now: number, limit = 10) =>
        (await bench.ledger.breachedCases(now, limit)).map((state) => state.id);
      assert.deepEqual(await ids(3000), []);
      assert.deepEqual(await ids(5000), ['late', 'later']);
      assert.deepEqual(await ids(5000, 1), ['late']);
      const escalated = advanceCase(
        late.state,
        { type: 'escalate', by: 'system', role: 'system', clock: 'acknowledge' },
        5000,
      );
      await commit({ cases: [escalated] });
      assert.deepEqual(await ids(5000), ['later']);
      assert.deepEqual(await ids(9001), ['later', 'late']);
    });

    it('lists the cases of subjects, newest first', async () => {
      await commit({
        cases: [
          aCaseWrite({ id: 'a', subject: 's1', at: 1000 }),
          aCaseWrite({ id: 'b', subject: 's2', at: 3000 }),
          aCaseWrite({ id: 'c', subject: 's1', code: 'LOST', at: 2000 }),
        ],
      });
      const ids = async (subjects: string[]) =>
        (await bench.ledger.casesBySubjects(subjects)).map((state) => state.id);
      assert.deepEqual(await ids(['s1', 's2']), ['b', 'c', 'a']);
      assert.deepEqual(await ids(['s1']), ['c', 'a']);
      assert.deepEqual(await ids([]), []);
    });
  });
}
