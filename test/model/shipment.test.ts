import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fact, FactData } from '../../lib/model/fact';
import { milestones } from '../../lib/model/fact';
import { emptyShipment, foldShipment, type ShipmentView, shipmentLimits } from '../../lib/model/shipment';
import { aFact, at, type FactSketch, isoAt } from '../support/fact-builder';

const fold = (facts: Fact[]): ShipmentView => facts.reduce(foldShipment, emptyShipment('trk:ups:1Z1'));
const scan = (key: string, minute: number, milestone: FactData['milestone'], more: FactSketch = {}): Fact =>
  aFact({ key, minute, ...more, data: { ...(milestone && { milestone }), ...more.data } });

const anyFact = (minutes: number) =>
  fc
    .record({
      key: fc.integer({ min: 0, max: 400 }),
      minute: fc.integer({ min: 0, max: minutes }),
      classifier: fc.constantFrom('ACTUAL' as const, 'ESTIMATED' as const, 'PLANNED' as const),
      milestone: fc.option(fc.constantFrom(...milestones), { nil: undefined }),
      code: fc.option(fc.constantFrom('TRANSIT_DELAYED' as const, 'DAMAGED' as const, 'LOST' as const), {
        nil: undefined,
      }),
      eta: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
      promised: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
      retracts: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined, freq: 6 }),
      order: fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined }),
    })
    .map(({ key, minute, classifier, milestone, code, eta, promised, retracts, order }) =>
      aFact({
        key: String(key),
        minute,
        recordedMinute: minute + 1,
        classifier,
        data: {
          ...(milestone && { milestone }),
          ...(code && { exception: { code } }),
          ...((eta ?? promised) !== undefined && {
            context: {
              ...(eta !== undefined && { etaAt: isoAt(eta) }),
              ...(promised !== undefined && { promisedDeliveryAt: isoAt(promised) }),
            },
          }),
          ...(retracts !== undefined && { retracts: { eventId: String(retracts) } }),
          ...(order !== undefined && {
            identifiers: { orderNumber: [{ namespace: 'shop', value: String(order) }] },
          }),
        },
      }),
    );
/** Distinct facts, some of them twice, in two orders. */
const twoOrders = (minutes: number, size: number) =>
  fc
    .uniqueArray(anyFact(minutes), { selector: (item) => item.id, maxLength: size, size: 'max' })
    .chain((facts) =>
      fc.tuple(
        fc.shuffledSubarray(facts, { minLength: facts.length }),
        fc
          .tuple(fc.shuffledSubarray(facts, { minLength: facts.length }), fc.subarray(facts))
          .map(([all, again]) => [...again, ...all, ...again]),
      ),
    );

describe('the shipment view', () => {
  it('is the same for every order of arrival and any repetition', () => {
    fc.assert(
      fc.property(twoOrders(60, 25), ([one, other]) => assert.deepEqual(fold(one), fold(other))),
      { numRuns: 300 },
    );
  });
  it('is the same for every order when more arrives than it keeps', () => {
    fc.assert(
      fc.property(twoOrders(10_000, 250), ([one, other]) => assert.deepEqual(fold(one), fold(other))),
      { numRuns: 25 },
    );
  });
  it('is plain JSON', () => {
    fc.assert(
      fc.property(twoOrders(60, 10), ([facts]) => {
        const view = fold(facts);
        assert.deepEqual(JSON.parse(JSON.stringify(view)), view);
      }),
    );
  });
  it('stays bounded and says that it left something out', () => {
    const view = fold(
      Array.from({ length: 500 }, (_, n) =>
        scan(String(n), n, 'IN_TRANSIT', {
          data: { identifiers: { orderNumber: [{ namespace: 's', value: String(n) }] } },
        }),
      ),
    );
    assert.equal(view.facts.length, shipmentLimits.scan);
    assert.equal(view.truncated, true);
    assert.equal(view.identifiers.orderNumber?.length, shipmentLimits.identifiersPerKind);
    assert.equal(view.milestoneAt, at(499));
  });
  it('keeps a delivery under a flood of later scans', () => {
    const view = fold([
      scan('d', 0, 'DELIVERED'),
      ...Array.from({ length: 200 }, (_, n) => scan(String(n), n + 1, 'ARRIVED')),
    ]);
    assert.equal(view.deliveredAt, at(0));
    assert.equal(view.milestone, 'DELIVERED');
    assert.equal(view.lastEvent?.milestone, 'ARRIVED');
  });
  it('gives the same object back for a fact it knows', () => {
    const one = scan('a', 1, 'IN_TRANSIT');
    const view = fold([one]);
    assert.equal(foldShipment(view, one), view);
    assert.equal(foldShipment(view, { ...one, recordedTime: isoAt(99) }), view);
  });

  it('never lets a forecast override what happened', () => {
    const view = fold([
      scan('a', 10, 'OUT_FOR_DELIVERY'),
      scan('e', 300, 'DELIVERED', { classifier: 'ESTIMATED', recordedMinute: 20 }),
    ]);
    assert.equal(view.milestone, 'OUT_FOR_DELIVERY');
    assert.equal(view.deliveredAt, undefined);
    assert.equal(view.eta?.at, at(300));
    assert.equal(view.lastEvent?.milestone, 'OUT_FOR_DELIVERY');
  });
  it('takes the estimate that was asserted last, not the latest date', () => {
    const early = scan('a', 10, 'IN_TRANSIT', { data: { context: { etaAt: isoAt(900) } } });
    const late = scan('b', 20, 'ARRIVED', { data: { context: { etaAt: isoAt(600) } } });
    assert.equal(fold([late, early]).eta?.at, at(600));
  });
  it('orders events of one instant by how far the shipment has come', () => {
    assert.equal(fold([scan('a', 5, 'DELIVERED'), scan('b', 5, 'OUT_FOR_DELIVERY')]).milestone, 'DELIVERED');
  });
  it('lets only the way back follow a delivery', () => {
    assert.equal(fold([scan('a', 5, 'DELIVERED'), scan('b', 6, 'ARRIVED')]).milestone, 'DELIVERED');
    const back = fold([scan('a', 5, 'DELIVERED'), scan('b', 6, 'RETURNING'), scan('c', 9, 'RETURNED')]);
    assert.equal(back.milestone, 'RETURNED');
    assert.equal(back.returnedAt, at(9));
  });

  describe('retractions', () => {
    const delivered = scan('evt-7', 5, 'DELIVERED');
    const byKey = aFact({ key: 'r1', minute: 8, data: { retracts: { eventId: 'evt-7' } } });
    it('take a fact back, before or after it arrives, by id or by the key its source gave it', () => {
      const byId = aFact({ key: 'r2', minute: 8, data: { retracts: { eventId: delivered.id } } });
      for (const facts of [
        [delivered, byKey],
        [byKey, delivered],
        [byId, delivered],
      ]) {
        assert.equal(fold(facts).deliveredAt, undefined);
        assert.equal(fold(facts).milestone, undefined);
      }
    });
    it('of another source take nothing back', () => {
      const foreign = aFact({
        key: 'r3',
        source: '/t/fedex/one',
        minute: 8,
        data: { retracts: { eventId: 'evt-7' } },
      });
      assert.equal(fold([delivered, foreign]).deliveredAt, at(5));
    });
    it('open an exception again that the retracted delivery had healed', () => {
      const delay = aFact({ key: 'x', minute: 1, data: { exception: { code: 'TRANSIT_DELAYED' } } });
      assert.equal(fold([delay, delivered]).exceptions[0]?.state, 'healed');
      assert.equal(fold([delay, delivered, byKey]).exceptions[0]?.state, 'open');
    });
  });

  describe('context', () => {
    it('takes of every field what was asserted last', () => {
      const view = fold([
        aFact({ key: 'b', minute: 9, data: { context: { slaTier: 'PRIORITY' } } }),
        aFact({
          key: 'a',
          minute: 3,
          data: { context: { slaTier: 'STANDARD', customerPriority: 2, promisedDeliveryAt: isoAt(600) } },
        }),
      ]);
      assert.deepEqual(view.context, {
        customerPriority: 2,
        promisedDeliveryAt: isoAt(600),
        slaTier: 'PRIORITY',
      });
      assert.equal(view.promisedDeliveryAt, at(600));
    });
  });

  describe('exceptions', () => {
    const exception = (
      code: 'DELIVERY_ATTEMPT_FAILED' | 'DAMAGED' | 'CUSTOMS_HOLD' | 'FINAL_MILE_DELAYED',
      minute: number,
      more: Partial<FactData> = {},
    ): Fact => aFact({ key: `${code}${minute}`, minute, data: { exception: { code }, ...more } });
    it('are healed by a later delivery, whichever message comes first', () => {
      const facts = [scan('d', 9, 'DELIVERED'), exception('DELIVERY_ATTEMPT_FAILED', 4)];
      assert.deepEqual(
        fold(facts).exceptions.map(({ code, state, healedAt }) => [code, state, healedAt]),
        [['DELIVERY_ATTEMPT_FAILED', 'healed', at(9)]],
      );
    });
    it('are not healed by a forecast, by an earlier event, or where nothing heals them', () => {
      const open = (facts: Fact[]): boolean => fold(facts).exceptions[0]?.state === 'open';
      assert.ok(
        open([
          exception('DELIVERY_ATTEMPT_FAILED', 4),
          scan('d', 9, 'DELIVERED', { classifier: 'ESTIMATED' }),
        ]),
      );
      assert.ok(open([exception('CUSTOMS_HOLD', 4), scan('d', 3, 'CUSTOMS_CLEARED')]));
      assert.ok(open([exception('DAMAGED', 4), scan('d', 9, 'DELIVERED')]));
    });
    it('of delay are healed by a later estimate within the promise', () => {
      const delay = exception('FINAL_MILE_DELAYED', 4, {
        context: { etaAt: isoAt(900), promisedDeliveryAt: isoAt(600) },
      });
      const back = scan('s', 9, 'OUT_FOR_DELIVERY', { data: { context: { etaAt: isoAt(500) } } });
      assert.equal(fold([delay]).exceptions[0]?.state, 'open');
      assert.equal(fold([back, delay]).exceptions[0]?.state, 'healed');
    });
    it('are open again when they occur again', () => {
      const view = fold([
        exception('CUSTOMS_HOLD', 1),
        scan('c', 5, 'CUSTOMS_CLEARED'),
        exception('CUSTOMS_HOLD', 9),
      ]);
      assert.deepEqual(
        view.exceptions.map(({ state, firstAt, lastAt }) => [state, firstAt, lastAt]),
        [['open', at(1), at(9)]],
      );
    });
  });
});
