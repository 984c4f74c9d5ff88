import assert from 'node:assert/strict';
import type { Connector } from '../../lib/connectors/kit/connector';
import { connector as medusa } from '../../lib/connectors/medusa';
import { connector as sapEwm } from '../../lib/connectors/sap-ewm';
import { connector as shipbob } from '../../lib/connectors/shipbob';
import { connector as shiphero } from '../../lib/connectors/shiphero';
import { isRerouteError } from '../../lib/model/errors';
import { type Answer, now, partnerOf, since } from './support/polled';

const pollerOf = ({ poll }: Connector) => {
  assert.ok(poll);
  return poll;
};
const cursorOf = ({ cursor }: { cursor?: string }) => JSON.parse(cursor ?? '');
const done = { since: now - 120_000 };
const refused = (error: unknown) => isRerouteError(error) && error.code === 'POLL_REFUSED';
const many = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `order_${at}` }));

describe('polling Medusa for orders', () => {
  const poller = pollerOf(medusa);

  it('reads the newest change first, page by page', async () => {
    const pages: Answer[] = [{ status: 200, json: { orders: many(50) } }];
    const { call, asked } = partnerOf(() => pages.shift() ?? { status: 200, json: { orders: [] } });
    const one = await poller.poll({ since }, call);
    assert.deepEqual([one.deliveries.length, one.more], [1, true]);
    const two = await poller.poll({ since: 0, cursor: one.cursor ?? '' }, { ...call, now: now + 5000 });
    assert.deepEqual([two.deliveries.length, two.more, cursorOf(two)], [0, false, done]);
    const [first = '', second = ''] = asked;
    assert.match(first, /updated_at\[\$gte\]=2026-03-01T00:00:00\.000Z&order=-updated_at&limit=50&offset=0&/);
    assert.match(second, /updated_at\[\$gte\]=2026-03-01T00:00:00\.000Z.*&offset=50&/);
  });

  it('waits as long as it is told to, and says when it is refused', async () => {
    const busy = partnerOf(() => ({ status: 429, headers: { 'retry-after': '3' } }));
    assert.deepEqual(await poller.poll({ since }, busy.call), { deliveries: [], more: false, pauseMs: 3000 });
    await assert.rejects(poller.poll({ since }, partnerOf(() => ({ status: 401 })).call), refused);
  });
});

describe('polling ShipBob for orders', () => {
  const poller = pollerOf(shipbob);

  it('goes on while pages are full', async () => {
    const pages: Answer[] = [{ status: 200, json: many(250) }];
    const { call, asked } = partnerOf(() => pages.shift() ?? { status: 200, json: [] });
    const one = await poller.poll({ since }, call);
    const two = await poller.poll({ since, cursor: one.cursor ?? '' }, call);
    assert.deepEqual([one.deliveries.length, one.more, two.deliveries.length, two.more], [1, true, 0, false]);
    assert.deepEqual(cursorOf(two), done);
    assert.match(asked[1] ?? '', /LastUpdateStartDate=2026-03-01T00:00:00\.000Z&Limit=250&Page=2$/);
  });

  it('takes an answer that is no list for a refusal', async () => {
    const { call } = partnerOf(() => ({ status: 200, json: { message: 'no' } }));
    await assert.rejects(poller.poll({ since }, call), refused);
  });
});

describe('polling ShipHero for orders', () => {
  const poller = pollerOf(shiphero);
  const orders = (edges: unknown[], pageInfo: unknown) => ({
    status: 200,
    json: { data: { orders: { data: { edges, pageInfo } } } },
  });

  /** Answers queries one after the other; tokens are always given. */
  function shipHero(answers: Answer[]) {
    const variables: unknown[] = [];
    const { call } = partnerOf((path, json) => {
      if (path !== '/graphql') return { status: 200, json: { access_token: 't', expires_in: 3600 } };
      variables.push((json as { variables: unknown }).variables);
      return answers.shift();
    });
    return { call, variables };
  }

  it('follows the cursor of the pages', async () => {
    const { call, variables } = shipHero([
      orders([{ node: { id: 'a' } }], { hasNextPage: true, endCursor: 'c1' }),
      orders([], { hasNextPage: false, endCursor: 'c2' }),
    ]);
    const one = await poller.poll({ since }, call);
    const two = await poller.poll({ since, cursor: one.cursor ?? '' }, call);
    assert.deepEqual([one.deliveries.length, one.more, two.deliveries.length, two.more], [1, true, 0, false]);
    const from = '2026-03-01T00:00:00.000Z';
    assert.deepEqual(variables, [
      { from, after: undefined },
      { from, after: 'c1' },
    ]);
  });

  it('waits until the credits are back', async () => {
    const error = { code: 30, message: 'not enough credits', time_remaining: '4 seconds' };
    const { call } = shipHero([{ status: 200, json: { errors: [error], data: null } }]);
    const expected = { deliveries: [], more: false, pauseMs: 5000 };
    assert.deepEqual(await poller.poll({ since }, call), expected);
  });

  it('says when it is refused', async () => {
    const { call } = shipHero([{ status: 200, json: { errors: [{ code: 3, message: 'no' }], data: null } }]);
    await assert.rejects(poller.poll({ since }, call), refused);
  });
});

describe('polling SAP EWM for delivery orders', () => {
  const poller = pollerOf(sapEwm);
  const item = (order: number, number: number) => ({
    EWMOutboundDeliveryOrder: `80${order}`,
    EWMOutboundDeliveryOrderItem: `${number}`,
  });
  const isItems = (path: string) => path.includes('/WhseOutboundDeliveryOrderItem?');
  const heads = { status: 200, json: { value: [{ EWMOutboundDeliveryOrder: '801' }] } };

  it('reads the orders of changed items whole, each once', async () => {
    const rows = [item(1, 10), item(1, 20), item(2, 10)];
    const { call, asked } = partnerOf(
      (path) => (isItems(path) ? { status: 200, json: { value: rows } } : heads),
      {
        warehouse: 'WH01',
      },
    );
    const result = await poller.poll({ since }, call);
    assert.deepEqual([result.deliveries.length, result.more, cursorOf(result)], [1, false, done]);
    const [items = '', orders = '', ...others] = asked;
    assert.match(
      items,
      /\$filter=EWMDelivLastChangeUTCDateTime ge 2026-03-01T00:00:00Z and EWMWarehouse eq 'WH01'&/,
    );
    assert.match(items, /&\$orderby=EWMDelivLastChangeUTCDateTime desc&\$top=100&\$skip=0$/);
    assert.match(
      orders,
      /\$filter=EWMOutboundDeliveryOrder eq '801' or EWMOutboundDeliveryOrder eq '802'&\$expand=_WhseOutbDeliveryOrderItem$/,
    );
    assert.deepEqual(others, []);
  });

  it('reads many orders in portions, and goes on where the service cut the list', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => item(at, 10));
    const cut = { value: rows, '@odata.nextLink': 'WhseOutboundDeliveryOrderItem?$skiptoken=60' };
    const { call, asked } = partnerOf((path) => (isItems(path) ? { status: 200, json: cut } : heads));
    const one = await poller.poll({ since }, call);
    assert.deepEqual([one.deliveries.length, one.more, asked.length], [3, true, 4]);
    await poller.poll({ since, cursor: one.cursor ?? '' }, call);
    assert.match(asked[4] ?? '', /\$skip=60$/);
  });

  it('waits for a busy system before it goes on, and says when it is refused', async () => {
    const rows = { value: [item(1, 10)] };
    const busy = partnerOf((path) =>
      isItems(path) ? { status: 200, json: rows } : { status: 503, headers: { 'retry-after': '7' } },
    );
    assert.deepEqual(await poller.poll({ since }, busy.call), { deliveries: [], more: false, pauseMs: 7000 });
    const closed = partnerOf((path) => (isItems(path) ? { status: 200, json: rows } : { status: 403 }));
    await assert.rejects(poller.poll({ since }, closed.call), refused);
    await assert.rejects(poller.poll({ since }, partnerOf(() => ({ status: 403 })).call), refused);
  });
});
