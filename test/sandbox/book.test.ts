import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Book } from '../../sandbox/core/book';
import { withSandbox } from './support';

describe('The book: what really happened', () => {
  const client = withSandbox();
  const notice = { template: 'order-split', fields: { etaAt: 'x' } };
  const path = '/storefront/orders/4711/notices';

  it('writes a keyed request once and its repeats as deduplicated, with the first answer again', async () => {
    const first = await client().post(path, notice, 'k1');
    const second = await client().post(path, notice, 'k1');
    assert.equal(first.headers.get('idempotency-replayed'), null);
    assert.equal(second.headers.get('idempotency-replayed'), 'true');
    assert.deepEqual([second.status, second.body], [first.status, first.body]);
    const { items } = (await client().get('/_book')).body;
    assert.deepEqual(
      items.map((entry: Record<string, unknown>) => [
        entry.seq,
        entry.outcome,
        entry.effectNumber,
        entry.idempotencyKey,
      ]),
      [
        [1, 'effect', 1, 'k1'],
        [2, 'deduplicated', 0, 'k1'],
      ],
    );
    assert.deepEqual((await client().summary()).duplicates, []);
  });

  it('refuses a key with another body, and leaves the key of a refused request free', async () => {
    await client().post(path, notice, 'k1');
    const other = await client().post(path, { ...notice, template: 'order-late' }, 'k1');
    assert.deepEqual([other.status, other.body.code], [422, 'IDEMPOTENCY_MISMATCH']);
    assert.equal((await client().post(path, { template: 'Wrong Name' }, 'k2')).status, 422);
    assert.equal((await client().post(path, notice, 'k2')).status, 201);
  });

  it('answers 409 while the first request under a key is still running', async () => {
    await client().put('/_admin/faults', [{ system: 'storefront', kind: 'latency', ms: 300, count: 1 }]);
    const [slow, fast] = await Promise.all([
      client().post(path, notice, 'k'),
      client().post(path, notice, 'k'),
    ]);
    const codes = [slow.status, fast.status].sort();
    assert.deepEqual(codes, [201, 409]);
    const refused = slow.status === 409 ? slow : fast;
    assert.equal(refused.body.code, 'IDEMPOTENCY_IN_FLIGHT');
    assert.ok(refused.headers.get('retry-after'));
    assert.equal((await client().summary()).effects, 1);
  });

  it('has no entry for reads, for refused writes, or for itself', async () => {
    await client().get('/storefront/orders/4711');
    await client().post('/tms/bookings', { reference: 'x' }, 'k');
    await client().put('/_admin/orders/4711', { customerPriority: 2 });
    assert.equal((await client().summary()).entries, 0);
  });

  it('is read by system and from a point on, and emptied', async () => {
    await client().post('/stub', { a: 1 });
    await client().post(path, notice, 'k');
    await client().post('/stub', { a: 2 }, 'z');
    const stubs = (await client().get('/_book?system=stub&since=1')).body.items;
    assert.deepEqual(
      stubs.map((entry: { seq: number }) => entry.seq),
      [3],
    );
    assert.equal((await client().call('DELETE', '/_book')).status, 204);
    assert.deepEqual((await client().get('/_book')).body.items, []);
  });

  it('counts exactly the effects it was told of, whatever their order', () => {
    const entry = fc.record({
      key: fc.constantFrom('a', 'b', null),
      target: fc.constantFrom('x', 'y'),
      outcome: fc.constantFrom('effect' as const, 'deduplicated' as const, 'unchanged' as const),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (told) => {
        const book = new Book();
        for (const { key, target, outcome } of told)
          book.record(
            {
              system: 's',
              operation: 'o',
              target,
              idempotencyKey: key,
              reference: null,
              outcome,
              body: null,
            },
            0,
          );
        const effects = told.filter(({ outcome }) => outcome === 'effect');
        const summary = book.summary();
        assert.equal(summary.effects, effects.length);
        assert.equal(
          summary.counts.reduce((sum, count) => sum + count.effects, 0),
          effects.length,
        );
        for (const { target, key, effects: counted } of [...summary.duplicates, ...summary.repeats]) {
          const same = effects.filter(
            (one) =>
              one.target === target && (one.key ?? 'none') === (key.startsWith('body:') ? 'none' : key),
          );
          assert.equal(counted, same.length);
          assert.ok(counted > 1);
        }
      }),
    );
  });
});
