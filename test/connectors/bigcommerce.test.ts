import assert from 'node:assert/strict';
import { connector } from '../../lib/connectors/bigcommerce';
import { isRerouteError } from '../../lib/model/errors';
import { type Answer, now, partnerOf, since } from './support/polled';

const page = (number: number) =>
  `/v2/orders?min_date_modified=2026-03-01T00:00:00.000Z&sort=date_modified:desc&limit=50&page=${number}`;
const partner = (answers: Record<string, Answer>) => partnerOf((path) => answers[path]);

const { poll } = connector;
assert.ok(poll);

describe('polling BigCommerce for orders', () => {
  it('fetches what changed, and the shipments of what has been shipped', async () => {
    const orders = [
      { id: 1, status_id: 11, items_shipped: 0 },
      { id: 2, status_id: 2, items_shipped: 3 },
    ];
    const { call, asked } = partner({
      [page(1)]: { status: 200, json: orders },
      '/v2/orders/2/shipments?limit=250': { status: 200, json: [{ id: 12, order_id: 2, items: [] }] },
    });
    const result = await poll.poll({ since }, call);
    assert.deepEqual([result.deliveries.length, result.more], [2, false]);
    assert.deepEqual(asked, [page(1), '/v2/orders/2/shipments?limit=250']);
    assert.deepEqual(JSON.parse(result.cursor ?? ''), { since: now - 120_000 });
  });

  it('goes on with the next page while pages are full, from the time the first was asked for', async () => {
    const full = Array.from({ length: 50 }, (_, at) => ({ id: at + 1, status_id: 11, items_shipped: 0 }));
    const { call } = partner({ [page(1)]: { status: 200, json: full }, [page(2)]: { status: 204 } });
    const one = await poll.poll({ since }, call);
    assert.deepEqual([one.deliveries.length, one.more], [1, true]);
    const two = await poll.poll({ since: 0, cursor: one.cursor ?? '' }, { ...call, now: now + 5000 });
    assert.deepEqual([two.deliveries.length, two.more], [0, false]);
    assert.deepEqual(JSON.parse(two.cursor ?? ''), { since: now - 120_000 });
  });

  it('pauses until the quota is full again, and keeps its place', async () => {
    const headers = { 'x-rate-limit-time-reset-ms': '9000' };
    const { call } = partner({ [page(1)]: { status: 429, headers } });
    assert.deepEqual(await poll.poll({ since }, call), { deliveries: [], more: false, pauseMs: 9000 });
  });

  it('says what is wrong when it is refused', async () => {
    const { call } = partner({ [page(1)]: { status: 403 } });
    await assert.rejects(
      poll.poll({ since }, call),
      (error) => isRerouteError(error) && error.code === 'POLL_REFUSED',
    );
  });
});
