/** Effects: an intent is recorded once, and what became of it is never lost. */
import assert from 'node:assert/strict';
import { FatalError } from '../../model/errors';
import { anIntent } from './builders';
import { type Bench, type LedgerHarness, startBench, takeLease } from './harness';

export function effectConformance(harness: LedgerHarness): void {
  describe('effects', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    const intend = (...intents: Parameters<Bench['ledger']['intendEffects']>[1]) =>
      bench.ledger.intendEffects(bench.lease, intents);
    const resolve = (...resolutions: Parameters<Bench['ledger']['resolveEffects']>[1]) =>
      bench.ledger.resolveEffects(bench.lease, resolutions);

    it('records a new intent and answers it as it will be read', async () => {
      const intent = anIntent({ caseId: 'case-1', pivot: true });
      const [answer] = await intend(intent);
      assert.equal(answer?.existing, false);
      assert.deepEqual(answer?.record, {
        ...intent,
        partition: 0,
        sequence: answer?.record.sequence ?? 0,
        sends: 0,
        adopted: false,
        updatedAt: intent.at,
      });
      assert.deepEqual(await bench.ledger.effect(intent.key), answer?.record);
    });

    it('gives each effect a number of its own that rises, and keeps it', async () => {
      const [first, second] = await intend(anIntent(), anIntent());
      const [again] = await intend({ ...anIntent(), key: first?.record.key ?? '' });
      const [third] = await intend(anIntent());
      const numbers = [first, second, third].map((answer) => answer?.record.sequence ?? 0);
      assert.ok(numbers.every((number) => Number.isSafeInteger(number) && number > 0));
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((a, b) => a - b),
      );
      assert.equal(again?.record.sequence, numbers[0]);
      assert.equal((await bench.ledger.effect(first?.record.key ?? ''))?.sequence, numbers[0]);
    });

    it('answers the record of before for a known key and changes nothing', async () => {
      const intent = anIntent();
      await intend(intent);
      const answers = await intend(
        { ...intent, runId: 'run-2', input: 'other', at: 9000 },
        anIntent({ key: 'fresh' }),
      );
      assert.deepEqual(
        answers.map((answer) => answer.existing),
        [true, false],
      );
      assert.deepEqual([answers[0]?.record.runId, answers[0]?.record.state], ['run-1', 'INTENDED']);
      assert.equal((await bench.ledger.effect(intent.key))?.at, intent.at);
    });

    it('gives the recorded answer of a confirmed effect to a later attempt', async () => {
      const intent = anIntent();
      await intend(intent);
      await resolve({
        key: intent.key,
        state: 'ACCEPTED',
        sent: true,
        output: { doc: '9' },
        reference: '9',
        at: 2000,
      });
      await resolve({ key: intent.key, state: 'CONFIRMED', at: 3000 });
      const [answer] = await intend({ ...intent, runId: 'run-2' });
      assert.deepEqual(
        [answer?.existing, answer?.record.state, answer?.record.output, answer?.record.reference],
        [true, 'CONFIRMED', { doc: '9' }, '9'],
      );
      assert.deepEqual(
        [answer?.record.sends, answer?.record.confirmedAt, answer?.record.updatedAt],
        [1, 3000, 3000],
      );
    });

    it('counts sends, keeps errors of the last one only, and remembers adoption', async () => {
      const intent = anIntent();
      await intend(intent);
      const error = { outcome: 'unknown' as const, message: 'time-out' };
      await resolve({ key: intent.key, state: 'UNKNOWN', sent: true, error, at: 2000 });
      assert.deepEqual((await bench.ledger.effect(intent.key))?.error, error);
      await resolve({ key: intent.key, state: 'CONFIRMED', adopted: true, at: 3000 });
      const record = await bench.ledger.effect(intent.key);
      assert.deepEqual([record?.sends, record?.adopted, record?.error], [1, true, undefined]);
    });

    it('keeps the input that was recorded until another one is sent', async () => {
      const intent = anIntent({ input: { quantity: '1' } });
      await intend(intent);
      await resolve({ key: intent.key, state: 'FAILED', sent: true, at: 2000 });
      assert.deepEqual((await bench.ledger.effect(intent.key))?.input, { quantity: '1' });
      await resolve({ key: intent.key, state: 'INTENDED', input: { quantity: '2' }, at: 3000 });
      assert.deepEqual((await bench.ledger.effect(intent.key))?.input, { quantity: '2' });
    });

    it('refuses to resolve what was never intended, and then keeps nothing of the call', async () => {
      const intent = anIntent();
      await intend(intent);
      await assert.rejects(
        resolve(
          { key: intent.key, state: 'CONFIRMED', at: 2000 },
          { key: 'nobody', state: 'CONFIRMED', at: 2000 },
        ),
        FatalError,
      );
      assert.equal((await bench.ledger.effect(intent.key))?.state, 'INTENDED');
    });

    it('takes a decision only where one is asked for, and once', async () => {
      const asked = anIntent({ state: 'AWAITING_APPROVAL' });
      const unknown = anIntent();
      const sent = anIntent();
      await intend(asked, unknown, sent);
      await resolve({ key: unknown.key, state: 'UNKNOWN', sent: true, at: 2000 });
      const decide = (key: string, state: 'APPROVED' | 'DECLINED' | 'CONFIRMED' | 'FAILED') =>
        bench.ledger.decideEffect(key, state, 'ada', 4000);
      assert.equal(await decide(asked.key, 'APPROVED'), true);
      assert.equal(await decide(asked.key, 'DECLINED'), false);
      assert.equal(
        await decide(unknown.key, 'APPROVED'),
        false,
        'what may have been sent is not approved again',
      );
      assert.equal(await decide(unknown.key, 'CONFIRMED'), true);
      assert.equal(await decide(sent.key, 'FAILED'), false);
      assert.equal(await decide('nobody', 'FAILED'), false);
      const record = await bench.ledger.effect(unknown.key);
      assert.deepEqual([record?.state, record?.decidedBy, record?.confirmedAt], ['CONFIRMED', 'ada', 4000]);
    });

    it('lets one of two workers record an intent first', async () => {
      const intent = anIntent();
      const answers = await Promise.all([intend(intent), intend({ ...intent, runId: 'run-2' })]);
      assert.deepEqual(
        answers
          .flat()
          .map((answer) => answer.existing)
          .sort(),
        [false, true],
      );
    });

    it('finds effects by case and by runs, and tells of an unanswered send after a crash', async () => {
      const first = anIntent({ caseId: 'case-1' });
      const second = anIntent({ caseId: 'case-1', runId: 'run-2' });
      await intend(first, second);
      await resolve({ key: first.key, state: 'INTENDED', sent: true, at: 2000 });
      const keys = (records: { key: string }[]) => records.map((record) => record.key);
      assert.deepEqual(keys(await bench.ledger.effectsByCase('case-1')), [first.key, second.key]);
      assert.deepEqual(keys(await bench.ledger.effectsByRuns(['run-2', 'run-9'])), [second.key]);
      const again = await harness.reopen();
      const lease = await takeLease(harness, again, 0, 'worker-2');
      const [answer] = await again.intendEffects(lease, [first]);
      assert.deepEqual([answer?.existing, answer?.record.state, answer?.record.sends], [true, 'INTENDED', 1]);
    });
  });
}
