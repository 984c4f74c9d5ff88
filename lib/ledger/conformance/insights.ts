/** What screens ask of the whole ledger: counts that always are those of its cases, sums by the hour, and the feed of changes. */
import assert from 'node:assert/strict';
import type { CaseState } from '../../model/case';
import { dayOf, hourOf } from '../../model/measures';
import type { CaseFilter, CaseWrite } from '../cases';
import type { CaseFacet } from '../insights';
import { aCaseWrite, aCommit, aDeadLetter, advanceCase, aFactSeed, anIntent, anItem, aRun } from './builders';
import { type Bench, type LedgerHarness, startBench } from './harness';

const hour = 3_600_000;
const start = 480_000 * hour;

export function insightConformance(harness: LedgerHarness): void {
  describe('insights', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const commit = (cases: CaseWrite[], facts = [] as ReturnType<typeof aFactSeed>[]) =>
      bench.ledger.record(0, aCommit({ cases, facts }));
    const facet = async (filter: CaseFilter, name: CaseFacet) =>
      (await bench.ledger.caseFacets(filter)).facets[name].map(({ value, count }) => `${value}:${count}`);
    const sums = async (names: string[], dim = '', from = 0, to = Number.MAX_SAFE_INTEGER) =>
      (await bench.ledger.measures({ names, dim, from, to })).map(
        ({ name, slot, value, n }) => `${name}@${slot}${value && `/${value}`}:${n}`,
      );
    const suppress = (state: CaseState, at: number) =>
      advanceCase(
        state,
        { type: 'suppress', by: 'ada', role: 'supervisor', reason: 'known', until: at + hour },
        at,
      );

    it('counts facets of a filter, each without its own part of it', async () => {
      const lost = aCaseWrite({
        subject: 's2',
        code: 'LOST',
        region: 'DE',
        partner: 'p2',
        at: start + 2 * hour,
      });
      await commit([
        aCaseWrite({ subject: 's1', region: 'US', warehouse: 'W1', partner: 'p1', at: start }),
        lost,
        aCaseWrite({ subject: 's3', code: 'LOST', region: 'US', partner: 'p1', at: start }),
      ]);
      await commit([suppress(lost.state, start + 3 * hour)]);
      assert.deepEqual(await facet({}, 'region'), ['US:2', 'DE:1']);
      assert.deepEqual(await facet({ region: 'US' }, 'region'), ['US:2', 'DE:1']);
      assert.deepEqual(await facet({ region: 'US' }, 'code'), ['FINAL_MILE_DELAYED:1', 'LOST:1']);
      assert.deepEqual(await facet({ code: ['LOST'], state: ['DETECTED'] }, 'region'), ['US:1']);
      assert.deepEqual(await facet({ code: ['LOST'], state: ['DETECTED'] }, 'state'), [
        'DETECTED:1',
        'SUPPRESSED:1',
      ]);
      assert.deepEqual(await facet({}, 'warehouse'), [':2', 'W1:1']);
      assert.equal((await bench.ledger.caseFacets({ code: ['LOST'] })).total, 2);
      assert.equal((await bench.ledger.caseFacets({ state: [] })).total, 0);
    });

    it('counts facets and lists by identifier, by time of detection and by clocks that end', async () => {
      const fact = aFactSeed({ subject: 's1', order: 'SO-1' });
      const late = aCaseWrite({ id: 'late', subject: 's1', at: start, resolveDueAt: start + hour }, [fact]);
      const calm = aCaseWrite({
        id: 'calm',
        subject: 's2',
        at: start + 5 * hour,
        resolveDueAt: start + 99 * hour,
      });
      await commit([late, calm], [fact]);
      for (const filter of [
        { q: 'so1' },
        { detectedTo: start + hour },
        { dueBefore: start + 2 * hour },
        { detectedFrom: start, detectedTo: start + 1 },
      ] satisfies CaseFilter[]) {
        assert.equal((await bench.ledger.caseFacets(filter)).total, 1, JSON.stringify(filter));
        const page = await bench.ledger.cases(filter, { limit: 5 });
        assert.deepEqual(
          page.items.map(({ id }) => id),
          ['late'],
          JSON.stringify(filter),
        );
      }
      assert.equal((await bench.ledger.caseFacets({ detectedFrom: start + 1 })).total, 1);
    });

    it('lists cases of nobody, of a person and of a carrier', async () => {
      const mine = aCaseWrite({ id: 'mine', subject: 's1' });
      await commit([mine, aCaseWrite({ id: 'free', subject: 's2' })]);
      await commit([
        advanceCase(mine.state, { type: 'assign', by: 'ada', role: 'operator', assignee: 'ada' }, start),
      ]);
      const ids = async (filter: CaseFilter) =>
        (await bench.ledger.cases(filter, { limit: 5 })).items.map(({ id }) => id);
      assert.deepEqual(await ids({ assignee: '' }), ['free']);
      assert.deepEqual(await ids({ assignee: 'ada' }), ['mine']);
      assert.deepEqual(await ids({ carrier: 'UPS' }), []);
      assert.equal((await bench.ledger.caseFacets({ assignee: '' })).total, 1);
    });

    it('takes back what a case counted in when it changes, and nothing when the change is refused', async () => {
      const write = aCaseWrite({ subject: 's1', region: 'US', partner: 'p1', at: start });
      await commit([write]);
      assert.deepEqual(await sums(['detected', 'suppressed'], 'region'), [`detected@${dayOf(start)}/US:1`]);
      assert.deepEqual(await bench.ledger.openBy('region'), [{ value: 'US', count: 1 }]);
      const ended = suppress(write.state, start + 30 * hour);
      await commit([ended]);
      await assert.rejects(commit([suppress(write.state, start + 31 * hour)]));
      assert.deepEqual(await bench.ledger.openBy('region'), []);
      assert.deepEqual(await sums(['detected', 'suppressed']), [
        `detected@${dayOf(start)}:1`,
        `suppressed@${dayOf(start + 30 * hour)}:1`,
      ]);
      assert.deepEqual(await sums(['detected'], '', dayOf(start) + 1), []);
    });

    it('counts open cases by severity and age', async () => {
      await commit([0, 1, 5, 50].map((age) => aCaseWrite({ subject: `s${age}`, at: start - age * hour })));
      const ages = await bench.ledger.caseAges(start, [2 * hour, 24 * hour]);
      assert.deepEqual(
        ages.map(({ severity }) => severity),
        ['S1', 'S2', 'S3', 'S4'],
      );
      const total = [0, 1, 2].map((at) => ages.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0));
      assert.deepEqual(total, [2, 1, 1]);
    });

    it('tells which clocks end next and how many end within each time', async () => {
      await commit([
        aCaseWrite({ id: 'over', subject: 's1', resolveDueAt: start - hour }),
        aCaseWrite({ id: 'later', subject: 's2', resolveDueAt: start + 3 * hour }),
        aCaseWrite({
          id: 'soon',
          subject: 's3',
          acknowledgeDueAt: start + hour,
          resolveDueAt: start + 9 * hour,
        }),
        aCaseWrite({ id: 'none', subject: 's4' }),
      ]);
      const ahead = await bench.ledger.clocksAhead({
        now: start,
        horizonsMs: [2 * hour, 10 * hour],
        limit: 2,
      });
      assert.deepEqual([ahead.overdue, ahead.within], [1, [1, 2]]);
      assert.deepEqual(
        ahead.next.map(({ id }) => id),
        ['soon', 'later'],
      );
    });

    it('counts payloads and duplicates by the hour and partner', async () => {
      const item = anItem({ partner: 'p1', receivedAt: start });
      await bench.ledger.accept(0, [item, anItem({ partner: 'p2', receivedAt: start })]);
      await bench.ledger.accept(0, [{ ...item, id: 'again', receivedAt: start + 2 * hour }]);
      assert.deepEqual(await sums(['accepted', 'duplicate']), [
        `accepted@${hourOf(start)}:2`,
        `duplicate@${hourOf(start) + 2}:1`,
      ]);
      assert.deepEqual(await sums(['accepted'], 'partner'), [
        `accepted@${hourOf(start)}/p1:1`,
        `accepted@${hourOf(start)}/p2:1`,
      ]);
    });

    it('counts attempts that ended, those that are tried again and those that died', async () => {
      const { ledger, lease } = bench;
      const run = aRun();
      await ledger.enqueueRuns(0, [run], 1000);
      const error = { code: 'DOWN', message: 'down' };
      const claim = () => ledger.claimRuns(lease, { now: start, limit: 5 });
      const retry = { runId: run.id, outcome: 'retry' as const, dueAt: 0, error, at: start };
      await claim();
      await ledger.settleRuns(lease, [{ ...retry, spent: true }]);
      await claim();
      await ledger.settleRuns(lease, [{ ...retry, spent: false }]);
      await claim();
      await ledger.settleRuns(lease, [{ runId: run.id, outcome: 'dead', error, deadLetters: [], at: start }]);
      assert.deepEqual(await sums(['attempts', 'retried', 'died']), [
        `attempts@${hourOf(start)}:2`,
        `retried@${hourOf(start)}:1`,
        `died@${hourOf(start)}:1`,
      ]);
    });

    it('counts calls, failed calls and how long a confirmation took', async () => {
      const { ledger, lease } = bench;
      const run = aRun();
      await ledger.enqueueRuns(0, [run], start);
      const intent = anIntent({ runId: run.id, rootRunId: run.id, partner: 'erp' });
      await ledger.intendEffects(lease, [intent]);
      const { key } = intent;
      const error = { outcome: 'retryable' as const, message: 'no answer' };
      await ledger.resolveEffects(lease, [{ key, state: 'INTENDED', sent: true, error, at: start + hour }]);
      for (const at of [start + 2 * hour, start + 3 * hour])
        await ledger.resolveEffects(lease, [{ key, state: 'CONFIRMED', sent: at < start + 3 * hour, at }]);
      assert.deepEqual(await sums(['calls', 'failedCalls', 'acknowledged'], 'partner'), [
        `calls@${hourOf(start) + 1}/erp:1`,
        `calls@${hourOf(start) + 2}/erp:1`,
        `failedCalls@${hourOf(start) + 1}/erp:1`,
        `acknowledged@${hourOf(start) + 2}/erp:1`,
      ]);
    });

    it('keeps the changes in order, from any point on', async () => {
      const { ledger } = bench;
      assert.equal(await ledger.lastChange(), 0);
      const write = aCaseWrite({ id: 'a', subject: 's1' });
      await commit([write]);
      await ledger.addDeadLetters(0, [aDeadLetter({ id: 'd' })]);
      await ledger.addDeadLetters(0, [aDeadLetter({ id: 'd' })]);
      await ledger.resolveDeadLetters(['d', 'none'], 'discarded', { by: 'ada', reason: 'x' }, start);
      const all = await ledger.changes(0, 10);
      assert.deepEqual(
        all.changes.map(({ kind, ref, state }) => [kind, ref, state]),
        [
          ['case', 'a', 'DETECTED'],
          ['dead-letter', 'd', 'open'],
          ['dead-letter', 'd', 'discarded'],
        ],
      );
      assert.equal(await ledger.openDeadLetters(), 0);
      const [first, ...rest] = all.changes;
      assert.deepEqual((await ledger.changes(first?.seq ?? 0, 1)).changes, rest.slice(0, 1));
      assert.equal(await ledger.lastChange(), rest.at(-1)?.seq);
      assert.equal((await ledger.changes(rest.at(-1)?.seq ?? 0, 10)).gap, false);
      assert.equal((await ledger.changes(1_000_000, 10)).gap, true, 'a number that was never given');
    });

    it('keeps saved views for their owner, and shared ones for everybody', async () => {
      const { ledger } = bench;
      const view = {
        id: 'v1',
        name: 'Mine',
        location: 'cases?severity=S1',
        owner: 'ada',
        shared: false,
        at: start,
      };
      const shared = { ...view, id: 'v2', name: 'Ours', shared: true };
      await ledger.saveView(view);
      await ledger.saveView(shared);
      assert.deepEqual(await ledger.savedViews('ada'), [view, shared]);
      assert.deepEqual(await ledger.savedViews('bob'), [shared]);
      assert.equal(await ledger.removeView('v2', 'bob'), false);
      assert.equal(await ledger.removeView('v2', 'ada'), true);
      assert.deepEqual(await ledger.savedViews('bob'), []);
    });
  });
}
