import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shipment } from '../../sandbox/traffic';
import { root } from '../support';
import { Held } from './held';
import { impatient, Scene } from './scene';
import { deliver, ordered, secondLine, sendShortPick, stockElsewhere } from './traffic';

describe('the short pick flow when something fails', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('failures', impatient);
  });
  after(() => scene?.stop());
  afterEach(() => scene.sandboxPut('/_admin/faults', []));

  const faults = (...list: object[]) => scene.sandboxPut('/_admin/faults', list);

  /** An order that must ship complete and can, from elsewhere: every system is asked for something. */
  async function wholeOrder(seed: number): Promise<{ picked: Shipment; held: Held; elsewhere: string }> {
    const first = await ordered(scene, seed);
    const lines = [...first.order.lines, secondLine(first.order)];
    const picked = await ordered(scene, seed, { shipComplete: true, allowsPartial: false, lines });
    return { picked, held: new Held(scene, picked), elsewhere: await stockElsewhere(scene, picked, '50') };
  }

  async function asItWas({ picked, held, elsewhere }: Awaited<ReturnType<typeof wholeOrder>>): Promise<void> {
    const { order } = picked;
    const [plant] = await held.plants();
    assert.notEqual(plant, elsewhere === 'DC-LYS' ? '1020' : '1710');
    assert.deepEqual(await held.plants(), [plant, plant]);
    assert.deepEqual(await held.schedule(), [`10 on ${order.promisedDeliveryAt.slice(0, 10)}`]);
    assert.deepEqual(await held.delivery(), { block: '', quantities: ['10', '4'] });
    for (const { item } of order.lines) assert.equal(await held.stock(item, elsewhere), '50/50');
    assert.equal(await held.shopEta(), null);
    assert.deepEqual(await held.notices(), []);
  }

  it('asks a person about orders that the ERP does not know: a warehouse may name them as it likes', async () => {
    const fixture = join(root, 'lib', 'connectors', 'epcis', 'fixtures', 'short-pick.json');
    await deliver(scene, 'wms', JSON.parse(readFileSync(fixture, 'utf8')) as object);
    await scene.until(async () => {
      const cases = await scene.cases();
      return cases.length > 0 && cases.every(({ state }) => state === 'MANUAL');
    }, 'a person');
    await scene.drained();
    for (const { id } of await scene.cases()) {
      const { deadLetters } = await scene.get<{ deadLetters: unknown[] }>(`/api/v1/cases/${id}`);
      assert.doesNotMatch(JSON.stringify(deadLetters), /INPUT_INVALID/);
    }
    const effects = (await scene.book()).filter(({ outcome }) => outcome === 'effect');
    assert.deepEqual([...new Set(effects.map(({ system }) => system))], ['desk']);
  });

  it('takes everything back when the carrier refuses the booking, and asks a person', async () => {
    const whole = await wholeOrder(201);
    const { picked, held } = whole;
    const carrier = `/_admin/tms/carriers/${picked.order.carrier}`;
    await scene.sandboxPut(carrier, { decision: 'refuse', code: 'NO_CAPACITY' });
    await sendShortPick(scene, picked, '6');
    const item = await held.caseIn(['MANUAL']);
    await scene.sandboxPut(carrier, { decision: 'confirm' });
    await asItWas(whole);
    assert.deepEqual(await held.newBookings(), []);
    assert.equal((await held.firstBooking()).state, 'CONFIRMED');
    assert.deepEqual(await held.tickets(item), { service: [], person: ['URGENT'] });
    assert.deepEqual(await held.deeds(), [
      'wms reserve',
      'erp A_SalesOrderItem.patch',
      'erp A_SalesOrderItem.patch',
      'erp A_OutbDeliveryHeader.patch',
      'erp A_OutbDeliveryHeader.patch',
      'erp A_SalesOrderItem.patch',
      'erp A_SalesOrderItem.patch',
      'wms unreserve',
      'desk createTicket',
    ]);
  });

  it('takes a split back when the delivery cannot follow', async () => {
    await faults({ system: 'erp', operation: 'A_OutbDeliveryItem.patch', kind: 'status', status: 400 });
    const picked = await ordered(scene, 202);
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    await held.caseIn(['MANUAL']);
    assert.deepEqual(await held.schedule(), [`10 on ${picked.order.promisedDeliveryAt.slice(0, 10)}`]);
    assert.deepEqual(await held.delivery(), { block: '', quantities: ['10'] });
    assert.deepEqual(await held.released(), []);
  });

  it('books the old transport again when the floor refuses after it was cancelled', async () => {
    const whole = await wholeOrder(203);
    const { picked, held } = whole;
    await faults({ system: 'wms', operation: 'release', kind: 'status', status: 409 });
    await sendShortPick(scene, picked, '6');
    await held.caseIn(['MANUAL']);
    await asItWas(whole);
    const standing = (await held.newBookings()).filter(({ state }) => state === 'CONFIRMED');
    assert.deepEqual(
      standing.map(({ carrier, from }) => ({ carrier, from })),
      [{ carrier: picked.order.carrier, from: undefined }],
    );
  });

  it('goes forward after the pivot: what passes is tried again, and nothing is taken back', async () => {
    await faults({ system: 'storefront', operation: 'putEta', kind: 'status', status: 503, count: 2 });
    const { picked, held } = await wholeOrder(204);
    await sendShortPick(scene, picked, '6');
    await held.caseIn(['VERIFIED']);
    assert.match(JSON.stringify(await scene.sandboxGet('/_admin/faults')), /"fired":2/);
    const deeds = await held.deeds();
    assert.equal(deeds.filter((deed) => deed === 'wms release').length, 1);
    assert.ok(!deeds.includes('wms unreserve'));
    assert.deepEqual(deeds.slice(-3), ['storefront putEta', 'desk createTicket', 'storefront notify']);
  });

  it('leaves what was done after the pivot and asks a person when a system refuses for good', async () => {
    await faults({ system: 'storefront', operation: 'putEta', kind: 'status', status: 422 });
    const { picked, held, elsewhere } = await wholeOrder(205);
    await sendShortPick(scene, picked, '6');
    const item = await held.caseIn(['MANUAL']);
    assert.deepEqual((await held.tickets(item)).person, ['URGENT']);
    assert.deepEqual(await held.released(), [['10: 10', '20: 4']]);
    const plant = elsewhere === 'DC-LYS' ? '1020' : '1710';
    assert.deepEqual(await held.plants(), [plant, plant]);
    assert.equal((await held.firstBooking()).state, 'CANCELLED');
    assert.deepEqual(
      (await held.newBookings()).map(({ state }) => state),
      ['CONFIRMED'],
    );
    assert.deepEqual(await held.notices(), [], 'the customer is told nothing that is not so');
  });

  it('ends with a person when the systems do not show it for the third time', async () => {
    await faults({ system: 'storefront', operation: 'putEta', kind: 'noop2xx' });
    const { picked, held } = await wholeOrder(206);
    await sendShortPick(scene, picked, '6');
    const item = await held.caseIn(['MANUAL'], 30_000);
    await scene.drained();
    const { timeline } = await scene.get<{ timeline: { title: string }[] }>(`/api/v1/cases/${item.id}`);
    const failed = timeline.filter(({ title }) => title.includes('verifyFailed'));
    assert.deepEqual(
      failed.map(({ title }) => title.split(': ')[1]),
      ['RESOLVED -> REMEDIATING', 'RESOLVED -> REMEDIATING', 'RESOLVED -> MANUAL'],
    );
    assert.deepEqual((await held.tickets(item)).person, ['URGENT']);
    assert.equal(await held.shopEta(), null);
    assert.equal((await held.released()).length, 1, 'the remediation is not done three times');
  });

  it('notices a change of the ERP that did nothing', async () => {
    await faults({ system: 'erp', operation: 'A_SalesOrderScheduleLine.patch', kind: 'noop2xx' });
    const first = await ordered(scene, 207);
    const picked = await ordered(scene, 207, { lines: [...first.order.lines, secondLine(first.order)] });
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '0');
    const held = new Held(scene, picked);
    const item = await held.caseIn(['MANUAL'], 30_000);
    await scene.drained();
    assert.deepEqual((await held.tickets(item)).person, ['URGENT']);
    assert.deepEqual(await held.schedule(), [`10 on ${picked.order.promisedDeliveryAt.slice(0, 10)}`]);
  });
});
