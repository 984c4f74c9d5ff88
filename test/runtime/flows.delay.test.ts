import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrderOverride } from '../../sandbox/core/masterdata';
import type { Shipment } from '../../sandbox/traffic';
import { root, waitUntil } from '../support';
import { Held } from './held';
import { type CaseItem, impatient, Scene } from './scene';
import { deliver, ordered, sendDelay } from './traffic';

const hour = 3_600_000;
const inHours = (hours: number) =>
  new Date(Math.floor(Date.now() / 1_000) * 1_000 + hours * hour).toISOString();

describe('the delayed delivery flow, by what the systems hold afterwards', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('delay', impatient);
  });
  after(() => scene?.stop());
  afterEach(() => scene.sandboxPut('/_admin/faults', []));

  const faults = (...list: object[]) => scene.sandboxPut('/_admin/faults', list);

  async function promised(
    seed: number,
    override: OrderOverride = {},
  ): Promise<{ late: Shipment; held: Held }> {
    const late = await ordered(scene, seed, { promisedDeliveryAt: inHours(24), ...override });
    return { late, held: new Held(scene, late) };
  }

  /** ERP, CRM and storefront hold the same date. */
  async function everybodyKnows(held: Held, etaAt: string): Promise<void> {
    const instant = Date.parse(etaAt);
    assert.equal(Date.parse((await held.shopEta()) ?? ''), instant);
    assert.equal(Date.parse((await held.crmEta()) ?? ''), instant);
    assert.ok((await held.salesOrder()).notes.includes(`Expected ${new Date(instant).toISOString()}`));
  }

  for (const [seed, event, code] of [
    [301, 'DY', 'TRANSIT_DELAYED'],
    [302, 'DD', 'FINAL_MILE_DELAYED'],
  ] as const) {
    it(`${code}: ERP, CRM and storefront learn the carrier's date, then a case and a notice`, async () => {
      const { late, held } = await promised(seed, { slaTier: 'PRIORITY' });
      const etaAt = inHours(30);
      await sendDelay(scene, late, { etaAt, event });
      const item = await held.caseIn(['VERIFIED']);
      assert.deepEqual([item.code, item.policy?.outcome], [code, 'SERVICE_CASE']);
      await everybodyKnows(held, etaAt);
      assert.deepEqual(await held.deeds(), [
        'erp A_SalesOrderText.create',
        'desk putEta',
        'storefront putEta',
        'desk createTicket',
        'storefront notify',
      ]);
      assert.deepEqual(await held.tickets(item), { service: ['NORMAL'], person: [] });
    });
  }

  for (const [seed, slaTier, hours, outcome, tickets, notices] of [
    [303, 'STANDARD', 20, 'SYNC_ETA', [], []],
    [304, 'STANDARD', 30, 'NOTIFY', [], ['delivery-delayed']],
    [305, 'STRATEGIC', 30, 'EXPEDITE', ['URGENT'], ['delivery-delayed']],
  ] as const) {
    it(`${outcome} for ${slaTier} with an estimate ${hours - 24} hours from the promise`, async () => {
      const { late, held } = await promised(seed, { slaTier });
      const etaAt = inHours(hours);
      await sendDelay(scene, late, { etaAt });
      const item = await held.caseIn(['VERIFIED']);
      assert.equal(item.policy?.outcome, outcome);
      await everybodyKnows(held, etaAt);
      assert.deepEqual((await held.tickets(item)).service, tickets);
      assert.deepEqual(await held.notices(), notices);
    });
  }

  it('notices a storefront that says yes and does nothing, and ends with a person', async () => {
    await faults({ system: 'storefront', operation: 'putEta', kind: 'noop2xx' });
    const { late, held } = await promised(306);
    await sendDelay(scene, late, { etaAt: inHours(30) });
    const item = await held.caseIn(['MANUAL'], 30_000);
    await scene.drained();
    const { timeline } = await scene.get<{ timeline: { title: string }[] }>(`/api/v1/cases/${item.id}`);
    assert.equal(timeline.filter(({ title }) => title.includes('verifyFailed')).length, 3);
    assert.equal(await held.shopEta(), null);
    assert.deepEqual((await held.tickets(item)).person, ['URGENT']);
  });

  it('is not content with a storefront that goes on showing another date', async () => {
    const { late, held } = await promised(307);
    const earlier = { etaAt: inHours(20), asOf: new Date(Date.now() - 48 * hour).toISOString() };
    const path = `/storefront/orders/${late.order.orderNumber}/eta`;
    const put = await fetch(`${scene.sandbox}${path}`, {
      method: 'PUT',
      headers: { authorization: 'Bearer other', 'content-type': 'application/json' },
      body: JSON.stringify(earlier),
    });
    assert.ok(put.ok);
    await faults({ system: 'storefront', operation: 'putEta', kind: 'noop2xx' });
    await sendDelay(scene, late, { etaAt: inHours(30) });
    await held.caseIn(['MANUAL'], 20_000);
    assert.equal(await held.shopEta(), earlier.etaAt);
  });

  it('hands over to a person what the ERP refuses, and tells nobody else', async () => {
    await faults({ system: 'erp', operation: 'A_SalesOrderText.create', kind: 'status', status: 400 });
    const { late, held } = await promised(308);
    await sendDelay(scene, late, { etaAt: inHours(30) });
    const item = await held.caseIn(['MANUAL']);
    assert.deepEqual((await held.tickets(item)).person, ['URGENT']);
    assert.deepEqual(await held.deeds(), ['desk createTicket']);
    assert.deepEqual([await held.shopEta(), await held.crmEta()], [null, null]);
  });

  it("asks a person about an order that the ERP does not know under the customer's number", async () => {
    const fixture = join(root, 'lib', 'connectors', 'fedex', 'fixtures', 'delivery-exception.json');
    await deliver(scene, 'fedex', JSON.parse(readFileSync(fixture, 'utf8')) as object);
    const mine = (items: CaseItem[]) =>
      items.find(
        ({ code, identifiers }) =>
          code === 'TRANSIT_DELAYED' && identifiers.orderNumber?.some(({ value }) => value === 'SO-4711'),
      );
    const item = await waitUntil(
      async () => {
        const found = mine(await scene.cases());
        return found?.state === 'MANUAL' && found;
      },
      { what: 'the case of SO-4711' },
    );
    const { deadLetters } = await scene.get<{ deadLetters: { reason?: { code: string }; code?: string }[] }>(
      `/api/v1/cases/${item.id}`,
    );
    assert.match(JSON.stringify(deadLetters), /REMEDIATION_FAILED/);
    assert.doesNotMatch(JSON.stringify(deadLetters), /INPUT_INVALID/);
    const { items } = await scene.sandboxGet<{ items: { subject: string }[] }>(
      `/desk/tickets?externalKey=${item.id}-person`,
    );
    assert.deepEqual(
      items.map(({ subject }) => subject),
      ['A late parcel needs you: order SO-4711'],
    );
  });
});
