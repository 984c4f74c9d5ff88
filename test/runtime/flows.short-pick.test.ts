import assert from 'node:assert/strict';
import { dayAfter, Held } from './held';
import { type CaseItem, Scene } from './scene';
import { ordered, secondLine, sendShortPick, stockElsewhere } from './traffic';

/** Days of the tab's settings. */
const backorderDays = 7;

describe('the short pick flow, by what the systems hold afterwards', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('short-pick');
  });
  after(() => scene?.stop());

  /** The later of the promise and so many days from the detection. */
  const later = ({ detectedAt, promised }: { detectedAt: string; promised: string }, days: number) =>
    Math.max(Date.parse(detectedAt) + days * 86_400_000, Date.parse(promised));

  async function verified(held: Held): Promise<CaseItem & { detectedAt: string }> {
    const item = await held.caseIn(['VERIFIED']);
    const summary = await scene.sandboxGet<{ duplicates: unknown[]; repeats: unknown[] }>('/_book/summary');
    assert.deepEqual([summary.duplicates, summary.repeats], [[], []]);
    return item as CaseItem & { detectedAt: string };
  }

  it('SPLIT: what was picked leaves as planned, the rest follows when it is back in stock', async () => {
    const picked = await ordered(scene, 101);
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    const item = await verified(held);
    assert.equal(item.policy?.outcome, 'SPLIT');
    const promised = picked.order.promisedDeliveryAt;
    const restAt = later({ detectedAt: item.detectedAt, promised }, backorderDays);
    assert.deepEqual(await held.schedule(), [`6 on ${promised.slice(0, 10)}`, `4 on ${dayAfter(restAt, 0)}`]);
    assert.deepEqual(await held.delivery(), { block: '', quantities: ['6'] });
    assert.equal((await held.firstBooking()).state, 'CONFIRMED');
    assert.deepEqual(await held.newBookings(), []);
    assert.deepEqual(await held.released(), [['10: 6']]);
    assert.equal(Date.parse((await held.shopEta()) ?? ''), restAt);
    assert.deepEqual(await held.notices(), ['short-pick-split']);
    assert.match((await held.salesOrder()).notes, /6 of 10.*SPLIT/);
    assert.deepEqual(await held.tickets(item), { service: ['NORMAL'], person: [] });
    assert.deepEqual((await held.deeds()).slice(-2), ['desk createTicket', 'storefront notify']);
  });

  it('REALLOCATE of a part: another warehouse ships the rest, the first booking stays', async () => {
    const picked = await ordered(scene, 102);
    const elsewhere = await stockElsewhere(scene, picked, '50');
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    const item = await verified(held);
    assert.equal(item.policy?.outcome, 'REALLOCATE');
    const quantities = (await held.schedule()).map((row) => row.split(' ')[0]);
    assert.deepEqual(quantities, ['6', '4']);
    assert.deepEqual(await held.delivery(), { block: '', quantities: ['6'] });
    const [made, ...more] = await held.newBookings();
    assert.ok(made);
    assert.equal(more.length, 0);
    assert.equal(made.state, 'CONFIRMED');
    assert.equal(made.carrier, picked.order.carrier);
    assert.equal(made.from?.city, elsewhere === 'DC-LYS' ? 'Lyon' : 'Charlotte');
    assert.equal((await held.firstBooking()).state, 'CONFIRMED');
    assert.equal(await held.stock(picked.order.lines[0]?.item ?? '', elsewhere), '46/46');
    assert.deepEqual(await held.released(), [['10: 4']]);
    const expected = Math.max(Date.parse(made.etaAt), Date.parse(picked.order.promisedDeliveryAt));
    assert.equal(Date.parse((await held.shopEta()) ?? ''), expected);
    assert.match(
      (await held.salesOrder()).notes,
      new RegExp(`REALLOCATE from ${elsewhere}, booking ${made.id}`),
    );
    assert.deepEqual(await held.notices(), ['short-pick-reallocate']);
  });

  it('REALLOCATE of the order: every line leaves from there, and the old booking ends after the new one stands', async () => {
    const first = await ordered(scene, 103);
    const lines = [...first.order.lines, secondLine(first.order)];
    const picked = await ordered(scene, 103, { shipComplete: true, allowsPartial: false, lines });
    const elsewhere = await stockElsewhere(scene, picked, '50');
    const plant = elsewhere === 'DC-LYS' ? '1020' : '1710';
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    const item = await verified(held);
    assert.equal(item.policy?.outcome, 'REALLOCATE');
    assert.deepEqual(await held.plants(), [plant, plant]);
    assert.equal((await held.schedule()).length, 1, 'nothing is split');
    assert.deepEqual(await held.delivery(), { block: '01', quantities: ['10', '4'] });
    const [made] = await held.newBookings();
    assert.equal(made?.state, 'CONFIRMED');
    assert.equal((await held.firstBooking()).state, 'CANCELLED');
    assert.deepEqual(await held.released(), [['10: 10', '20: 4']]);
    assert.deepEqual(await held.deeds(), [
      'wms reserve',
      'erp A_SalesOrderItem.patch',
      'erp A_SalesOrderItem.patch',
      'erp A_OutbDeliveryHeader.patch',
      'tms book',
      'tms cancel',
      'wms release',
      'erp A_SalesOrderText.create',
      'storefront putEta',
      'desk createTicket',
      'storefront notify',
    ]);
  });

  it('BACKORDER of an order that must ship complete: nothing leaves, all of it is planned anew', async () => {
    const first = await ordered(scene, 104);
    const lines = [...first.order.lines, secondLine(first.order)];
    const picked = await ordered(scene, 104, { shipComplete: true, allowsPartial: false, lines });
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    const item = await verified(held);
    assert.equal(item.policy?.outcome, 'BACKORDER');
    const backAt = later(
      { detectedAt: item.detectedAt, promised: picked.order.promisedDeliveryAt },
      backorderDays,
    );
    assert.deepEqual(await held.schedule(), [`10 on ${dayAfter(backAt, 0)}`]);
    assert.deepEqual(await held.delivery(), { block: '01', quantities: ['10', '4'] });
    assert.deepEqual(await held.released(), [], 'the floor is given nothing');
    const [made] = await held.newBookings();
    assert.equal(Date.parse(made?.pickupAt ?? ''), backAt);
    assert.equal((await held.firstBooking()).state, 'CANCELLED');
    assert.equal(Date.parse((await held.shopEta()) ?? ''), backAt);
    assert.deepEqual(await held.notices(), ['short-pick-backorder']);
  });

  it('BACKORDER of a line: the other lines leave as booked, without it', async () => {
    const first = await ordered(scene, 105);
    const picked = await ordered(scene, 105, { lines: [...first.order.lines, secondLine(first.order)] });
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '0');
    const held = new Held(scene, picked);
    assert.equal((await verified(held)).policy?.outcome, 'BACKORDER');
    assert.deepEqual(await held.delivery(), { block: '', quantities: ['0', '4'] });
    assert.equal((await held.firstBooking()).state, 'CONFIRMED');
    assert.deepEqual([await held.newBookings(), await held.released()], [[], []]);
  });

  for (const [seed, slaTier, outcome, severity] of [
    [106, 'STANDARD', 'BACKORDER', 'S2'],
    [107, 'PRIORITY', 'SPLIT', 'S2'],
    [108, 'STRATEGIC', 'SPLIT', 'S1'],
  ] as const) {
    it(`the tier decides: the same short pick is ${outcome} and ${severity} for ${slaTier}`, async () => {
      const far = new Date(Date.now() + 5 * 86_400_000).toISOString();
      const picked = await ordered(scene, seed, { slaTier, promisedDeliveryAt: far });
      await stockElsewhere(scene, picked, '0');
      await sendShortPick(scene, picked, '4');
      const item = await verified(new Held(scene, picked));
      assert.deepEqual([item.policy?.outcome, item.severity], [outcome, severity]);
    });
  }

  it('asks a person above the limit, and does what they decide', async () => {
    const first = await ordered(scene, 120);
    const [line] = first.order.lines;
    assert.ok(line);
    const picked = await ordered(scene, 120, {
      lines: [{ ...line, quantity: '10', unitPriceMinor: 150_000 }],
    });
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    const asked = await held.caseIn(['MANUAL']);
    await scene.drained();
    assert.deepEqual(await held.tickets(asked), { service: ['HIGH'], person: [] });
    assert.deepEqual(await held.deeds(), ['desk createTicket'], 'nothing is done before they decide');
    await scene.post(`/api/v1/cases/${asked.id}/actions`, {
      action: 'decide',
      outcome: 'SPLIT',
      reason: 'the customer agreed',
      expectedVersion: (await held.detail(asked)).case.version,
    });
    await verified(held);
    assert.deepEqual(
      (await held.schedule()).map((row) => row.split(' ')[0]),
      ['6', '4'],
    );
    assert.deepEqual(await held.released(), [['10: 6']]);
  });

  it('does not carry out what the order forbids, whoever decided it', async () => {
    const first = await ordered(scene, 121);
    const [line] = first.order.lines;
    assert.ok(line);
    const lines = [{ ...line, quantity: '10', unitPriceMinor: 150_000 }];
    const picked = await ordered(scene, 121, { shipComplete: true, allowsPartial: false, lines });
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    const asked = await held.caseIn(['MANUAL']);
    await scene.drained();
    await scene.post(`/api/v1/cases/${asked.id}/actions`, {
      action: 'decide',
      outcome: 'SPLIT',
      reason: 'a mistake',
      expectedVersion: (await held.detail(asked)).case.version,
    });
    await held.caseIn(['REMEDIATING', 'MANUAL']);
    await scene.drained();
    await held.caseIn(['MANUAL']);
    assert.deepEqual((await held.tickets(asked)).person, ['URGENT']);
    assert.deepEqual(await held.deeds(), ['desk createTicket', 'desk createTicket']);
  });
});
