import assert from 'node:assert/strict';
import { withSandbox } from './support';

const eta = (day: number, hour: number) => ({
  etaAt: `2026-03-0${day}T18:00:00+01:00`,
  asOf: `2026-03-02T${hour}:00:00+01:00`,
});

describe('Partner stand-ins: the shapes of docs/partner-rest.md', () => {
  const client = withSandbox();

  it('ask every caller for a token', async () => {
    for (const path of [
      '/wms/stock/SKU-1001',
      '/tms/bookings?reference=x',
      '/storefront/orders/1',
      '/desk/tickets?externalKey=x',
    ])
      assert.equal((await client().get(path, { authorization: '' })).status, 401, path);
  });

  describe('warehouse', () => {
    const lines = (value: string) => [
      { lineId: '10', item: 'SKU-1001', quantity: { value, uom: 'EA' }, location: 'DC-HAM' },
    ];
    const reserve = (value: string, key: string) =>
      client().post('/wms/reservations', { reference: key, orderNumber: '4711', lines: lines(value) }, key);
    const available = async () =>
      (await client().get('/wms/stock/SKU-1001?location=DC-HAM')).body.locations[0].available;
    beforeEach(() => client().put('/_admin/stock/SKU-1001', { 'DC-HAM': '10', 'DC-LYS': '3' }));

    it('sets goods aside, all lines or none, and gives them back', async () => {
      const made = await reserve('8', 'a');
      assert.equal(made.status, 201);
      assert.equal(await available(), '2');
      const short = await reserve('3', 'b');
      assert.equal(short.status, 409);
      assert.equal(short.body.code, 'INSUFFICIENT_STOCK');
      assert.deepEqual(short.body.shortages[0].available, { value: '2', uom: 'EA' });
      for (const _ of [1, 2])
        assert.equal((await client().call('DELETE', `/wms/reservations/${made.body.id}`)).status, 204);
      assert.equal(await available(), '10');
      assert.equal((await client().get(`/wms/reservations/${made.body.id}`)).body.state, 'RELEASED');
    });

    it('counts within one request what its lines take from each other', async () => {
      const twice = [...lines('6'), ...lines('6')];
      const reply = await client().post(
        '/wms/reservations',
        { reference: 'r', orderNumber: '4711', lines: twice },
        'k',
      );
      assert.equal(reply.status, 409);
    });

    it('releases once per reference, consuming the reservation', async () => {
      const { id } = (await reserve('8', 'a')).body;
      const release = { reference: 'R-1', orderNumber: '4711', reservationId: id, lines: lines('8') };
      assert.equal((await client().post('/wms/releases', release, 'k1')).body.state, 'QUEUED');
      const again = await client().post('/wms/releases', release, 'k2');
      assert.equal(again.status, 200);
      assert.equal((await client().get('/wms/releases/R-1')).body.state, 'RELEASED');
      assert.equal(
        (await client().call('DELETE', `/wms/reservations/${id}`)).body.code,
        'RESERVATION_CONSUMED',
      );
      assert.equal((await client().get('/wms/stock/SKU-1001?location=DC-HAM')).body.locations[0].onHand, '2');
      assert.equal((await client().summary()).unchanged, 1);
    });

    it('answers 404 for what is not there', async () => {
      await client().put('/_admin/unknown', { items: ['SKU-9'], orders: ['13'] });
      assert.equal((await client().get('/wms/stock/SKU-9')).body.code, 'ITEM_UNKNOWN');
      assert.equal((await client().get('/wms/releases/none')).body.code, 'RELEASE_UNKNOWN');
      assert.equal((await client().get('/wms/reservations/none')).body.code, 'RESERVATION_UNKNOWN');
      const release = { reference: 'R', orderNumber: '13', lines: lines('1') };
      assert.equal((await client().post('/wms/releases', release, 'k')).body.code, 'ORDER_UNKNOWN');
    });
  });

  describe('transport', () => {
    const book = (key: string, carrier = 'ups') =>
      client().post('/tms/bookings', { reference: key, orderNumber: '4711', carrier }, key);

    it('books, and finds the booking by its reference alone', async () => {
      const made = await book('ca5e');
      assert.equal(made.status, 201);
      assert.equal(made.body.state, 'CONFIRMED');
      const found = await client().get('/tms/bookings?reference=ca5e');
      assert.deepEqual(found.body.items, [made.body]);
      assert.deepEqual((await client().get('/tms/bookings?reference=ca5')).body.items, []);
    });

    it('rebooks new first and cancels the old only when the new one is confirmed', async () => {
      const old = (await client().get('/tms/bookings/BK-4711')).body;
      await client().put('/_admin/tms/carriers/fedex', { decision: 'refuse', code: 'NO_CAPACITY' });
      const refused = await client().post(
        `/tms/bookings/${old.id}/rebook`,
        { reference: 'n0', carrier: 'fedex' },
        'n0',
      );
      assert.deepEqual([refused.status, refused.body.code], [422, 'NO_CAPACITY']);
      assert.equal((await client().get('/tms/bookings/BK-4711')).body.state, 'CONFIRMED');
      const made = await client().post(
        `/tms/bookings/${old.id}/rebook`,
        { reference: 'n1', carrier: 'dhl' },
        'n1',
      );
      assert.deepEqual(
        [made.status, made.body.supersedes, made.body.shipmentId],
        [201, 'BK-4711', old.shipmentId],
      );
      const after = (await client().get('/tms/bookings/BK-4711')).body;
      assert.deepEqual([after.state, after.supersededBy], ['CANCELLED', made.body.id]);
    });

    it('leaves a booking requested until the carrier answers', async () => {
      await client().put('/_admin/tms/carriers/ups', { decision: 'later' });
      const made = await book('k');
      assert.deepEqual([made.status, made.body.state], [202, 'REQUESTED']);
      await client().post(`/_admin/tms/bookings/${made.body.id}/events`, {
        type: 'booking.rejected',
        reason: { code: 'NO_CAPACITY' },
      });
      const after = (await client().get(`/tms/bookings/${made.body.id}`)).body;
      assert.deepEqual([after.state, after.rejection.code], ['REJECTED', 'NO_CAPACITY']);
    });

    it('cancels once, and not after the pickup', async () => {
      for (const key of ['c1', 'c2'])
        assert.equal((await client().post('/tms/bookings/BK-4711/cancel', {}, key)).body.state, 'CANCELLED');
      const { effects, unchanged } = await client().summary();
      assert.deepEqual([effects, unchanged], [1, 1]);
      await client().post('/_admin/tms/bookings/BK-4712/events', { type: 'pickup.completed' });
      assert.equal(
        (await client().post('/tms/bookings/BK-4712/cancel', {}, 'c3')).body.code,
        'NOT_CANCELLABLE',
      );
    });
  });

  for (const path of [
    '/tms/shipments/SHP-1/eta',
    '/storefront/orders/4711/eta',
    '/desk/accounts/orders/4711/eta',
  ])
    it(`keeps the newest computed ETA at ${path}`, async () => {
      assert.equal((await client().get(path)).body.etaAt, null);
      assert.equal((await client().put(path, eta(4, 12))).body.etaAt, eta(4, 12).etaAt);
      assert.equal((await client().put(path, eta(6, 10))).body.etaAt, eta(4, 12).etaAt);
      assert.equal((await client().put(path, eta(5, 13))).body.etaAt, eta(5, 13).etaAt);
      const { effects, unchanged } = await client().summary();
      assert.deepEqual([effects, unchanged], [2, 1]);
    });

  it('the storefront tells priority, tier and lines as set, and keeps notices', async () => {
    await client().put('/_admin/orders/4711', {
      customerPriority: 1,
      slaTier: 'STRATEGIC',
      allowsPartial: false,
      noNotices: true,
    });
    const order = (await client().get('/storefront/orders/4711')).body;
    assert.deepEqual([order.customerPriority, order.slaTier, order.allowsPartial], [1, 'STRATEGIC', false]);
    const notice = await client().post(
      '/storefront/orders/4711/notices',
      { template: 'order-split', fields: {} },
      'n',
    );
    assert.deepEqual([notice.status, notice.body.state], [201, 'SUPPRESSED']);
    assert.equal(
      (await client().post('/storefront/orders/4711/notices', { template: 'No Such' }, 'm')).body.code,
      'TEMPLATE_UNKNOWN',
    );
    assert.equal((await client().get('/storefront/orders/4711/notices')).body.items.length, 1);
    await client().put('/_admin/orders/4711', { status: 'CANCELLED' });
    assert.equal((await client().put('/storefront/orders/4711/eta', eta(4, 12))).body.code, 'ORDER_CLOSED');
  });

  it('the desk finds by external key, resolves and reopens, and shows a ticket made twice', async () => {
    const ticket = { externalKey: 'case-1', subject: 's', description: 'd', priority: 'HIGH' };
    const { id } = (await client().post('/desk/tickets', ticket)).body;
    assert.equal((await client().get('/desk/tickets?externalKey=case-1')).body.items[0].id, id);
    await client().post(`/desk/tickets/${id}/comments`, { externalKey: 'c-1', body: 'b', internal: true });
    assert.equal((await client().get(`/desk/tickets/${id}/comments?externalKey=c-1`)).body.items.length, 1);
    assert.equal(
      (await client().post(`/desk/tickets/${id}/resolve`, { note: 'done' })).body.state,
      'RESOLVED',
    );
    assert.equal((await client().post(`/desk/tickets/${id}/reopen`, { note: 'no' })).body.state, 'OPEN');
    await client().put(`/_admin/tickets/${id}`, { state: 'CLOSED' });
    assert.equal(
      (await client().post(`/desk/tickets/${id}/resolve`, { note: 'x' })).body.code,
      'TICKET_CLOSED',
    );
    await client().post('/desk/tickets', ticket);
    const { duplicates } = await client().summary();
    assert.deepEqual(
      duplicates.map((group: { key: string; effects: number }) => [group.key, group.effects]),
      [['case-1', 2]],
    );
  });

  describe('carrier', () => {
    const home = {
      name: 'A',
      street1: '1 Main St',
      city: 'Asheville',
      state: 'NC',
      zip: '28801',
      country: 'US',
    };
    const create = (more: object = {}) =>
      client().post('/carrier/v2/shipments', {
        shipment: {
          reference: 'ca5e',
          to_address: home,
          from_address: home,
          parcel: { weight: 20 },
          ...more,
        },
      });

    it('sells a label once and finds it by reference', async () => {
      const shipment = (await create()).body;
      const rate = shipment.rates[0];
      const bought = await client().post(`/carrier/v2/shipments/${shipment.id}/buy`, {
        rate: { id: rate.id },
      });
      assert.equal(bought.body.postage_label.object, 'PostageLabel');
      const again = await client().post(`/carrier/v2/shipments/${shipment.id}/buy`, {
        rate: { id: rate.id },
      });
      assert.deepEqual([again.status, again.body.error.code], [422, 'SHIPMENT.POSTAGE.EXISTS']);
      const found = (await client().get('/carrier/v2/shipments/ca5e')).body;
      assert.equal(found.tracking_code, bought.body.tracking_code);
      assert.equal(
        (await client().get(`/carrier/v2/trackers/${found.tracker.id}`)).body.tracking_code,
        found.tracking_code,
      );
      assert.equal(
        (await client().post(`/carrier/v2/shipments/${shipment.id}/refund`, {})).body.refund_status,
        'submitted',
      );
    });

    it('hides failures in 2xx answers where the vendor does', async () => {
      const heavy = await create({ parcel: { weight: 2_000 } });
      assert.deepEqual(
        [heavy.status, heavy.body.rates.length, heavy.body.messages[0].type],
        [201, 0, 'rate_error'],
      );
      const nowhere = { ...home, zip: '00000' };
      const soft = await client().post('/carrier/v2/addresses', { address: nowhere, verify: true });
      assert.equal(soft.body.verifications.delivery.success, false);
      const strict = await client().post('/carrier/v2/addresses/create_and_verify', { address: nowhere });
      assert.deepEqual([strict.status, strict.body.error.code], [422, 'ADDRESS.VERIFY.FAILURE']);
    });

    it('tells one tracking number in three dialects', async () => {
      await client().put('/_admin/trackers/794600000001', {
        status: 'delivered',
        at: '2026-03-02T10:00:00Z',
      });
      assert.equal((await client().get('/carrier/v2/trackers/794600000001')).body.status, 'delivered');
      const fedex = await client().post('/carrier/track/v1/trackingnumbers', {
        trackingInfo: [{ trackingNumberInfo: { trackingNumber: '794600000001' } }],
      });
      assert.equal(fedex.body.output.completeTrackResults[0].trackResults[0].latestStatusDetail.code, 'DL');
      const ups = await client().get('/carrier/api/track/v1/details/794600000001');
      assert.equal(ups.body.trackResponse.shipment[0].package[0].activity[0].status.type, 'D');
    });
  });
});
