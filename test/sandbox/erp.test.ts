import assert from 'node:assert/strict';
import { type Client, type Reply, withSandbox } from './support';

const root = '/erp/sap/opu/odata/sap/API_SALES_ORDER_SRV';
const deliveries = '/erp/sap/opu/odata/sap/API_OUTBOUND_DELIVERY_SRV;v=0002';

/** Token and cookies of a fresh session. */
async function session(client: Client): Promise<Record<string, string>> {
  const reply = await client.get(`${root}/`, { 'x-csrf-token': 'Fetch' });
  const cookie = reply.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { 'x-csrf-token': reply.headers.get('x-csrf-token') ?? '', cookie };
}

/** PATCH under the entity's present ETag. */
async function patch(client: Client, path: string, body: unknown): Promise<Reply> {
  const etag = (await client.get(path)).headers.get('etag') ?? '';
  return client.call('PATCH', path, body, { ...(await session(client)), 'if-match': etag });
}

describe('ERP stand-in: OData v2 as SAP speaks it', () => {
  const client = withSandbox();

  it('knows every sales order, the same under leading zeros, with items and schedule lines expanded on request', async () => {
    const plain = await client().get(`${root}/A_SalesOrder('4711')?$format=json`);
    assert.equal(plain.status, 200);
    assert.ok(plain.body.d.to_Item.__deferred.uri.endsWith("A_SalesOrder('4711')/to_Item"));
    const expanded = await client().get(
      `${root}/A_SalesOrder('0000004711')?$expand=to_Item,to_Item/to_ScheduleLine`,
    );
    assert.equal(expanded.body.d.SalesOrder, '4711');
    for (const item of expanded.body.d.to_Item.results)
      assert.equal(item.to_ScheduleLine.results[0].ScheduleLineOrderQuantity, item.RequestedQuantity);
    assert.equal(plain.headers.get('etag'), plain.body.d.__metadata.etag);
  });

  it('asks for JSON to be asked for, and for credentials', async () => {
    assert.equal((await client().get(`${root}/A_SalesOrder('1')`, { accept: '*/*' })).status, 406);
    assert.equal((await client().get(`${root}/A_SalesOrder('1')`, { authorization: '' })).status, 401);
  });

  it('refuses a write without a token, with a token of another session, and after the sessions ended', async () => {
    const path = `${root}/A_SalesOrder('1')`;
    const block = { DeliveryBlockReason: '01' };
    const bare = await client().call('PATCH', path, block, { 'if-match': '*' });
    assert.equal(bare.status, 403);
    assert.equal(bare.headers.get('x-csrf-token'), 'Required');
    const mine = await session(client());
    const other = await session(client());
    const mixed = {
      'x-csrf-token': mine['x-csrf-token'] ?? '',
      cookie: other.cookie ?? '',
      'if-match': '*',
    };
    assert.equal((await client().call('PATCH', path, block, mixed)).status, 403);
    await client().post('/_admin/erp/expire-sessions', {});
    assert.equal((await client().call('PATCH', path, block, { ...mine, 'if-match': '*' })).status, 403);
    assert.equal((await client().summary()).entries, 0);
  });

  it('changes only under the present ETag: 428 without, 412 with a stale one, 204 with it', async () => {
    const path = `${root}/A_SalesOrder('4711')`;
    const login = await session(client());
    const etag = (await client().get(path)).headers.get('etag') ?? '';
    assert.equal((await client().call('PATCH', path, { DeliveryBlockReason: '01' }, login)).status, 428);
    const done = await client().call(
      'PATCH',
      path,
      { DeliveryBlockReason: '01' },
      { ...login, 'if-match': etag },
    );
    assert.equal(done.status, 204);
    assert.equal(done.body, '');
    const stale = await client().call(
      'PATCH',
      path,
      { HeaderBillingBlockReason: '02' },
      { ...login, 'if-match': etag },
    );
    assert.equal(stale.status, 412);
    const { d } = (await client().get(path)).body;
    assert.deepEqual([d.DeliveryBlockReason, d.HeaderBillingBlockReason], ['01', '']);
    assert.notEqual(d.__metadata.etag, etag);
  });

  it('refuses unknown and read-only properties in words', async () => {
    const path = `${root}/A_SalesOrder('4711')`;
    const unknown = await patch(client(), path, { DeliveryBlok: '01' });
    assert.equal(unknown.status, 400);
    assert.match(unknown.body.error.message.value, /DeliveryBlok/);
    assert.equal((await patch(client(), path, { TotalNetAmount: '1.00' })).status, 400);
  });

  it('a change to what already stands is answered and is no effect', async () => {
    const path = `${root}/A_SalesOrder('4711')`;
    await patch(client(), path, { DeliveryBlockReason: '01' });
    assert.equal((await patch(client(), path, { DeliveryBlockReason: '01' })).status, 204);
    const { effects, unchanged } = await client().summary();
    assert.deepEqual([effects, unchanged], [1, 1]);
  });

  it('keeps an item and its schedule lines in balance when a line is split and merged', async () => {
    await client().put('/_admin/orders/4711', {
      lines: [{ lineId: '10', item: 'SKU-1001', quantity: '10', uom: 'EA', unitPriceMinor: 100 }],
    });
    const item = `${root}/A_SalesOrderItem(SalesOrder='4711',SalesOrderItem='10')`;
    const line = (number: string) =>
      `${root}/A_SalesOrderScheduleLine(SalesOrder='4711',SalesOrderItem='10',ScheduleLine='${number}')`;
    assert.equal((await patch(client(), line('1'), { ScheduleLineOrderQuantity: '6' })).status, 204);
    assert.equal((await client().get(item)).body.d.RequestedQuantity, '6');
    const made = await client().call(
      'POST',
      `${item}/to_ScheduleLine`,
      { ScheduleLineOrderQuantity: '4', RequestedDeliveryDate: '/Date(1772668800000)/' },
      await session(client()),
    );
    assert.equal(made.status, 201);
    assert.equal(made.body.d.ScheduleLine, '2');
    assert.equal((await client().get(item)).body.d.RequestedQuantity, '10');
    assert.equal(
      (await client().call('DELETE', line('2'), undefined, { ...(await session(client())), 'if-match': '*' }))
        .status,
      204,
    );
    assert.equal((await client().get(`${item}/to_ScheduleLine`)).body.d.results.length, 1);
  });

  it('writes a text once: a second one under the same key is refused', async () => {
    const text = { Language: 'EN', LongTextID: 'TX01', LongText: 'Split by Reroute' };
    const login = await session(client());
    const path = `${root}/A_SalesOrder('4711')/to_Text`;
    assert.equal((await client().call('POST', path, text, login)).status, 201);
    assert.equal((await client().call('POST', path, text, login)).status, 400);
    const stored = await client().get(
      `${root}/A_SalesOrderText(SalesOrder='4711',Language='EN',LongTextID='TX01')`,
    );
    assert.equal(stored.body.d.LongText, 'Split by Reroute');
  });

  it('shows in the book when the same item was created twice', async () => {
    const login = await session(client());
    const item = { Material: 'SKU-1002', RequestedQuantity: '3', RequestedQuantityUnit: 'EA' };
    for (const _ of [1, 2])
      assert.equal(
        (await client().call('POST', `${root}/A_SalesOrder('4711')/to_Item`, item, login)).status,
        201,
      );
    const { repeats } = await client().summary();
    assert.deepEqual(
      repeats.map((group: { operation: string; effects: number }) => [group.operation, group.effects]),
      [['A_SalesOrderItem.create', 2]],
    );
  });

  it('finds the delivery of an order and blocks it; its billing block is not offered for change', async () => {
    const found = await client().get(
      `${deliveries}/A_OutbDeliveryItem?$filter=ReferenceSDDocument eq '4711'&$format=json`,
    );
    const id = found.body.d.results[0].DeliveryDocument;
    const path = `${deliveries}/A_OutbDeliveryHeader('${id}')`;
    assert.equal((await patch(client(), path, { DeliveryBlockReason: '01' })).status, 204);
    assert.equal((await patch(client(), path, { HeaderBillingBlockReason: '01' })).status, 400);
    const { d } = (await client().get(`${path}?$expand=to_DeliveryDocumentItem`)).body;
    assert.equal(d.DeliveryBlockReason, '01');
    assert.equal(d.to_DeliveryDocumentItem.results.length, found.body.d.results.length);
  });

  it('does not know an order that was declared unknown, nor an entity set that is not there', async () => {
    await client().put('/_admin/unknown', { orders: ['4711'] });
    const missing = await client().get(`${root}/A_SalesOrder('4711')`);
    assert.equal(missing.status, 404);
    assert.equal(typeof missing.body.error.message.value, 'string');
    assert.equal((await client().get(`${root}/A_Nothing('1')`)).status, 404);
  });
});
