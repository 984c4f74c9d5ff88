import assert from 'node:assert/strict';
import { connector } from '../../lib/connectors/amazon-spapi';
import { isRerouteError } from '../../lib/model/errors';
import { type Answer, now, partnerOf, since } from './support/polled';

const base = '/fba/outbound/2020-07-01/fulfillmentOrders';
const tokenPath = '/auth/o2/token';

function partner(answers: Record<string, Answer>) {
  const { call, asked } = partnerOf((path) =>
    path === tokenPath ? { status: 200, json: { access_token: 't', expires_in: 3600 } } : answers[path],
  );
  return { call, asked: () => asked.filter((path) => path !== tokenPath) };
}

const order = (id: string, fulfillmentOrderStatus: string) => ({
  sellerFulfillmentOrderId: id,
  fulfillmentOrderStatus,
});
const { poll } = connector;
assert.ok(poll);
const first = `${base}?queryStartDate=2026-03-01T00:00:00.000Z`;

describe('polling Amazon for fulfilment orders', () => {
  it('asks for what changed since, page by page, and begins the next round a little before this one', async () => {
    const { call, asked } = partner({
      [first]: {
        status: 200,
        json: { payload: { nextToken: 'p2', fulfillmentOrders: [order('A', 'PLANNING')] } },
      },
      [`${base}?nextToken=p2`]: { status: 200, json: { payload: { fulfillmentOrders: [] } } },
    });
    const one = await poll.poll({ since }, call);
    assert.deepEqual([one.deliveries.length, one.more], [1, true]);
    const two = await poll.poll({ since, cursor: one.cursor ?? '' }, call);
    assert.deepEqual([two.deliveries.length, two.more], [0, false]);
    assert.deepEqual(asked(), [first, `${base}?nextToken=p2`]);
    assert.deepEqual(JSON.parse(two.cursor ?? ''), { since: now - 120_000 });
  });

  it('fetches the lines of orders that ended short', async () => {
    const { call } = partner({
      [first]: { status: 200, json: { payload: { fulfillmentOrders: [order('A', 'COMPLETE_PARTIALLED')] } } },
      [`${base}/A`]: {
        status: 200,
        json: { payload: { fulfillmentOrder: order('A', 'COMPLETE_PARTIALLED') } },
      },
    });
    assert.equal((await poll.poll({ since }, call)).deliveries.length, 2);
  });

  it('pauses as the limit says, and keeps its place', async () => {
    const { call } = partner({ [first]: { status: 429, headers: { 'x-amzn-ratelimit-limit': '2' } } });
    assert.deepEqual(await poll.poll({ since }, call), { deliveries: [], more: false, pauseMs: 500 });
  });

  it('begins a round anew when its page token has expired', async () => {
    const { call } = partner({ [`${base}?nextToken=old`]: { status: 400 } });
    const cursor = JSON.stringify({ since, asked: now, place: 'old' });
    const result = await poll.poll({ since: 0, cursor }, call);
    assert.deepEqual([JSON.parse(result.cursor ?? ''), result.more], [{ since }, true]);
  });

  it('says what is wrong when Amazon refuses', async () => {
    const { call } = partner({ [first]: { status: 400 } });
    await assert.rejects(
      poll.poll({ since }, call),
      (error) => isRerouteError(error) && error.code === 'POLL_REFUSED',
    );
  });
});
