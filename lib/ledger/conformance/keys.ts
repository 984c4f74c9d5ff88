/** Data keys, and payloads that are destroyed. */
import assert from 'node:assert/strict';
import type { DataKey } from '../keys';
import { aCommit, aDeadLetter, aFactSeed, anItem } from './builders';
import { type Bench, type LedgerHarness, startBench } from './harness';

const wrapped = (text: string): Uint8Array => new TextEncoder().encode(text);
const aKey = (id: string, ring = 'k1'): Required<DataKey> => ({
  id,
  ring,
  wrapped: wrapped(`${id} under ${ring}`),
});

export function keyConformance(harness: LedgerHarness): void {
  describe('data keys', () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await startBench(harness);
    });
    afterEach(() => harness.close());

    it('are kept with their payload in one commit, and not for a duplicate', async () => {
      const item = anItem({ dataKey: aKey('raw-a'), id: 'raw-a' });
      await bench.ledger.accept(0, [item]);
      await bench.ledger.accept(0, [{ ...item, id: 'raw-b', dataKey: aKey('raw-b') }]);
      await bench.ledger.accept(0, [{ ...item, id: 'raw-c', contentHash: 'other', dataKey: aKey('raw-c') }]);
      const again = await harness.reopen();
      const kept = await again.dataKeys(['raw-a', 'raw-b', 'raw-c']);
      assert.deepEqual(kept.map(({ id }) => id).sort(), ['raw-a', 'raw-c']);
      assert.deepEqual(
        kept.find(({ id }) => id === 'raw-a'),
        aKey('raw-a'),
      );
    });

    it('stay as they were first kept', async () => {
      assert.deepEqual(await bench.ledger.addDataKey(aKey('documents')), aKey('documents'));
      assert.deepEqual(await bench.ledger.addDataKey(aKey('documents', 'k2')), aKey('documents'));
    });

    it('go from one key of the ring to another, each once', async () => {
      for (const id of ['a', 'b', 'c']) await bench.ledger.addDataKey(aKey(id));
      await bench.ledger.addDataKey(aKey('d', 'k2'));
      assert.equal((await bench.ledger.dataKeysNotUnder('k2', 2)).length, 2);
      const next = (id: string) => ({ ...aKey(id, 'k2'), from: 'k1' });
      assert.equal(await bench.ledger.rewrapDataKeys(['a', 'b', 'c', 'd'].map(next)), 3);
      assert.equal(await bench.ledger.rewrapDataKeys([next('a')]), 0);
      assert.deepEqual(await bench.ledger.dataKeyRings(), [{ ring: 'k2', count: 4 }]);
      assert.deepEqual(await bench.ledger.dataKeysNotUnder('k2', 10), []);
    });

    it('are destroyed with the bodies and copies of their payloads, and nothing else', async () => {
      const { ledger } = bench;
      const [gone, plain, kept] = [
        anItem({ dataKey: aKey('gone'), id: 'gone' }),
        anItem(),
        anItem({ dataKey: aKey('kept'), id: 'kept' }),
      ];
      await ledger.accept(0, [gone, plain, kept]);
      await ledger.addDeadLetters(0, [
        aDeadLetter({ id: 'l1', runId: gone.id, message: { payload: 'hers' } }),
      ]);
      await ledger.addDeadLetters(0, [
        aDeadLetter({ id: 'l2', runId: kept.id, message: { payload: 'his' } }),
      ]);
      const done = await ledger.shred({ rawIds: [gone.id, plain.id], runIds: [] }, 5000);
      assert.deepEqual(done, { payloads: 2, documents: 1 });
      assert.deepEqual(await ledger.shred({ rawIds: [gone.id], runIds: [] }, 6000), {
        payloads: 0,
        documents: 0,
      });
      const again = await harness.reopen();
      const [key] = await again.dataKeys([gone.id]);
      assert.deepEqual([key?.id, key?.wrapped], [gone.id, undefined]);
      for (const { id } of [gone, plain]) assert.equal((await again.rawPayload(id))?.body.byteLength, 0);
      assert.deepEqual((await again.rawPayload(kept.id))?.body, kept.body);
      assert.equal((await again.deadLetter('l1'))?.message, undefined);
      assert.deepEqual((await again.deadLetter('l2'))?.message, { payload: 'his' });
      assert.deepEqual(await again.dataKeyRings(), [{ ring: 'k1', count: 1 }]);
      assert.equal((await again.accept(0, [{ ...gone, id: 'twin' }]))[0]?.status, 'duplicate');
    });

    it('are found through the subjects of a payload and the order key it came under', async () => {
      const item = anItem({ orderKey: 'ord:1' });
      await bench.ledger.accept(0, [item]);
      const facts = ['s1', 's2'].map((subject) => ({ ...aFactSeed({ subject }), rawId: item.id }));
      await bench.ledger.record(0, aCommit({ facts }));
      assert.deepEqual(
        (await bench.ledger.subjectsOfRaws([item.id, 'none'])).map(({ subjects }) => subjects.sort()),
        [['s1', 's2'], []],
      );
      assert.deepEqual(await bench.ledger.rawsOfOrderKeys(['ord:1', 'ord:2']), [item.id]);
    });
  });
}
