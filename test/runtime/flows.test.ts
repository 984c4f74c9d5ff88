import assert from 'node:assert/strict';
import { sandboxSecrets } from '../../sandbox/environment';
import { type Shipment, simulate } from '../../sandbox/traffic';
import { waitUntil } from '../support';
import { type BookEntry, type CaseItem, Scene } from './scene';
import { anyShipment, send, shipWhole, stockUp } from './traffic';

interface Trace {
  entries: { at: string; kind: string; id: string; title: string }[];
}

interface Summary {
  effects: number;
  duplicates: unknown[];
  repeats: unknown[];
}

const short = 'INVENTORY_SHORT_PICK';

describe('the starter flows in a whole runtime', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('flows');
  });
  after(() => scene?.stop());
  afterEach(() => scene.sandboxPut('/_admin/faults', []));

  /** The case of this order, as soon as it stands in one of the states. */
  function caseOf({ order }: Shipment, states: string[], timeoutMs = 20_000): Promise<CaseItem> {
    return waitUntil(
      async () => {
        const found = (await scene.cases()).find((item) =>
          item.identifiers.orderNumber?.some(({ value }) => value === order.orderNumber),
        );
        if (found && states.includes(found.state)) return found;
        throw new Error(`order ${order.orderNumber}: ${found?.state ?? 'no case'}`);
      },
      { what: `the case of order ${order.orderNumber}`, timeoutMs, everyMs: 50 },
    );
  }

  /** What took effect for this order, in the sandbox's own words. */
  async function effectsOf({ order }: Shipment, operation?: string): Promise<BookEntry[]> {
    return (await scene.book()).filter(
      (entry) =>
        entry.outcome === 'effect' &&
        (operation === undefined || `${entry.system} ${entry.operation}` === operation) &&
        JSON.stringify([entry.target, entry.body]).includes(order.orderNumber),
    );
  }

  async function exactlyOnce(): Promise<Summary> {
    const summary = await scene.sandboxGet<Summary>('/_book/summary');
    assert.deepEqual(summary.duplicates, []);
    assert.deepEqual(summary.repeats, []);
    return summary;
  }

  const traceOf = (identifier: string) => scene.get<Trace>(`/api/v1/trace/${encodeURIComponent(identifier)}`);

  it('brings every short pick and every delay to VERIFIED, or to a person where the table says so', async () => {
    const report = await simulate({
      target: scene.url,
      rate: 0,
      count: 120,
      mix: { 'short-pick': 1, late: 1 },
      seed: 11,
      redeliver: 0.1,
      secrets: sandboxSecrets,
    });
    assert.equal(report.accepted, 120);
    assert.ok(report.duplicates > 0, 'some deliveries were made twice');
    await scene.drained();
    const cases = await scene.cases();
    for (const code of [short, 'TRANSIT_DELAYED'])
      assert.ok(cases.filter((item) => item.code === code).length >= 2, `cases of ${code}`);
    const manual = await waitUntil(async () => {
      const items = (await scene.cases()).filter(({ code }) => [short, 'TRANSIT_DELAYED'].includes(code));
      const open = items.filter(({ state }) => state !== 'VERIFIED');
      return open.every(({ state }) => state === 'MANUAL') && { open, all: items.length };
    });
    assert.ok(manual.open.length < manual.all / 2, 'most cases need nobody');
    // The table decides by the stock of the short item; whether a whole order lies elsewhere, only the reservation tells.
    const refused = manual.open.filter(({ policy }) => policy?.outcome !== 'MANUAL');
    for (const { id } of refused) {
      const { effects } = await scene.get<{ effects: Record<'operation' | 'safety' | 'state', string>[] }>(
        `/api/v1/cases/${id}`,
      );
      const asked = effects.filter(({ operation, safety }) => safety !== 'read' && operation !== 'openCase');
      assert.deepEqual(
        asked.map(({ operation, state }) => `${operation} ${state}`),
        ['reserveStock REJECTED'],
      );
    }
    const runs = await scene.runs();
    assert.deepEqual([runs.dead, runs.cancelled], [0, 0]);
    assert.ok((await exactlyOnce()).effects >= cases.length);
  });

  it('tells the same story by order number, delivery number and tracking number, in time order', async () => {
    const picked = shipWhole(21);
    await stockUp(scene, picked);
    await send(scene, 'short-pick', picked);
    await send(scene, 'late', picked);
    await caseOf(picked, ['VERIFIED']);
    await scene.drained();
    const { order, fedexTracking } = picked;
    const story = await traceOf(order.orderNumber);
    const times = story.entries.map(({ at }) => Date.parse(at));
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    const kinds = story.entries.map(({ kind }) => kind);
    const first = ['fact', 'run', 'case', 'effect', 'acknowledgement'].map((kind) => kinds.indexOf(kind));
    assert.ok(!first.includes(-1), `each kind occurs in ${kinds.join(' ')}`);
    assert.ok(kinds.indexOf('fact') < kinds.indexOf('effect'), 'a fact stands before what follows from it');
    for (const title of [short, 'TRANSIT_DELAYED', 'reserveStock', 'releaseToWarehouse', 'updateEta'])
      assert.ok(
        story.entries.some((entry) => entry.title.includes(title)),
        title,
      );
    const known = new Set(story.entries.map(({ kind, id }) => `${kind} ${id}`));
    for (const [identifier, code] of [
      [order.deliveryId, short],
      [fedexTracking, 'TRANSIT_DELAYED'],
    ] as const) {
      const part = (await traceOf(identifier)).entries;
      for (const kind of ['fact', 'run', 'case', 'effect', 'acknowledgement'])
        assert.ok(
          part.some((entry) => entry.kind === kind),
          `${kind} of ${identifier}`,
        );
      assert.ok(part.some(({ title }) => title.includes(code)));
      assert.deepEqual(
        part.filter(({ kind, id }) => !known.has(`${kind} ${id}`)),
        [],
        `${identifier} tells nothing that the order does not`,
      );
    }
  });

  it('gets over an ERP that fails twice, and writes the note once', async () => {
    await scene.sandboxPut('/_admin/faults', [{ system: 'erp', kind: 'status', status: 503, count: 2 }]);
    const late = anyShipment(31);
    await send(scene, 'late', late);
    await caseOf(late, ['VERIFIED']);
    const struck = await scene.sandboxGet<unknown>('/_admin/faults');
    assert.match(JSON.stringify(struck), /"fired":2/);
    assert.equal((await effectsOf(late)).filter(({ system }) => system === 'erp').length, 1);
    await exactlyOnce();
  });

  it('books once when the TMS did the work and never answered', async () => {
    await scene.sandboxPut('/_admin/faults', [
      { system: 'tms', operation: 'book', kind: 'timeoutAfterWork', ms: 300, count: 1 },
    ]);
    const picked = shipWhole(41);
    await stockUp(scene, picked);
    await send(scene, 'short-pick', picked);
    await caseOf(picked, ['VERIFIED']);
    assert.match(JSON.stringify(await scene.sandboxGet('/_admin/faults')), /"fired":1/);
    assert.equal((await effectsOf(picked, 'tms book')).length, 1);
    await exactlyOnce();
  });

  it('takes back in reverse what was done when the floor refuses, and leaves the case to a person', async () => {
    await scene.sandboxPut('/_admin/faults', [
      { system: 'wms', operation: 'release', kind: 'status', status: 409 },
    ]);
    const picked = shipWhole(51);
    await stockUp(scene, picked);
    await send(scene, 'short-pick', picked);
    const { id } = await caseOf(picked, ['MANUAL']);
    await waitUntil(
      async () =>
        (await traceOf(picked.order.orderNumber)).entries.some(({ kind }) => kind === 'dead-letter'),
      { what: 'the dead letter', timeoutMs: 8_000, everyMs: 50 },
    );
    assert.match(JSON.stringify(await scene.sandboxGet('/_admin/faults')), /"fired":[1-9]/);
    const { entries } = await traceOf(picked.order.orderNumber);
    assert.deepEqual(
      entries.filter(({ kind }) => kind === 'dead-letter').map(({ title }) => title.split(':')[0]),
      ['REMEDIATION_FAILED'],
    );
    const done = (await scene.book()).filter(
      ({ system, outcome }) => outcome === 'effect' && ['wms', 'tms'].includes(system),
    );
    const from = done.findIndex(
      (entry) => entry.operation === 'reserve' && entry.target.includes(picked.order.orderNumber),
    );
    assert.deepEqual(
      done.slice(from).map(({ system, operation }) => `${system} ${operation}`),
      // A cancelled booking is taken back by booking the same transport again.
      ['wms reserve', 'tms book', 'tms cancel', 'tms book', 'tms cancel', 'wms unreserve'],
    );
    assert.ok(
      (await effectsOf(picked))
        .concat(await scene.book())
        .some(({ body }) => JSON.stringify(body).includes(id)),
      'the service desk was asked',
    );
    await exactlyOnce();
  });
});
