import assert from 'node:assert/strict';
import fc from 'fast-check';
import { detect, detectOverdue, heals } from '../../lib/model/detect';
import type { Fact, FactData } from '../../lib/model/fact';
import { emptyShipment, foldShipment } from '../../lib/model/shipment';
import { exceptionCodes } from '../../lib/model/taxonomy';
import { aFact, at, isoAt } from '../support/fact-builder';

const fold = (facts: Fact[]) => facts.reduce(foldShipment, emptyShipment('trk:ups:1Z1'));
/** What the last of the facts opens. */
const opens = (...facts: Fact[]): [string, number][] => {
  const last = facts.at(-1);
  return last ? detect(last, fold(facts)).map(({ code, onsetAt }) => [code, onsetAt]) : [];
};
const make = (key: string, minute: number, data: Partial<FactData>): Fact => aFact({ key, minute, data });
const promised = make('order', 0, {
  milestone: 'ORDER_RELEASED',
  context: { promisedDeliveryAt: isoAt(600) },
});
const eta = (minute: number, to: number, more: Partial<FactData> = {}): Fact =>
  make(`eta${minute}`, minute, { milestone: 'IN_TRANSIT', context: { etaAt: isoAt(to) }, ...more });
const delivered = make('d', 300, { milestone: 'DELIVERED' });

describe('detection', () => {
  it('opens what the fact states, at its event time', () => {
    assert.deepEqual(opens(make('x', 5, { exception: { code: 'DAMAGED' } })), [['DAMAGED', at(5)]]);
  });
  it('opens nothing for a plain scan', () =>
    assert.deepEqual(opens(promised, make('s', 9, { milestone: 'ARRIVED' })), []));

  describe('of delays', () => {
    it('compares the estimate with the promise', () => {
      assert.deepEqual(opens(promised, eta(50, 601)), [['TRANSIT_DELAYED', at(50)]]);
      assert.deepEqual(opens(promised, eta(50, 600)), []);
      assert.deepEqual(opens(eta(50, 601)), []);
    });
    it('calls it final mile once the shipment is out for delivery', () => {
      assert.deepEqual(
        opens(
          promised,
          make('o', 40, { milestone: 'OUT_FOR_DELIVERY' }),
          eta(50, 700, { milestone: 'DELIVERY_ATTEMPTED' }),
        ),
        [['FINAL_MILE_DELAYED', at(50)]],
      );
    });
    it('dates the onset back to a promise that was missed by then', () => {
      assert.deepEqual(opens(promised, eta(650, 900)), [['TRANSIT_DELAYED', at(600)]]);
    });
    it('notices an earlier promise as well as a later estimate', () => {
      assert.deepEqual(opens(eta(50, 700), make('p', 60, { context: { promisedDeliveryAt: isoAt(600) } })), [
        ['TRANSIT_DELAYED', at(50)],
      ]);
    });
    it('ignores an older estimate that arrives late', () => {
      assert.deepEqual(opens(promised, eta(80, 500), eta(50, 900)), []);
    });
    it('says it once when the fact itself states a delay', () => {
      assert.deepEqual(opens(promised, eta(50, 900, { exception: { code: 'FINAL_MILE_DELAYED' } })), [
        ['FINAL_MILE_DELAYED', at(50)],
      ]);
    });
  });

  describe('after the delivery', () => {
    it('is silent about older facts', () => {
      assert.deepEqual(
        opens(promised, delivered, make('x', 200, { exception: { code: 'DELIVERY_ATTEMPT_FAILED' } })),
        [],
      );
      assert.deepEqual(opens(promised, delivered, eta(50, 900)), []);
    });
    it('is silent about delays of any date', () => {
      assert.deepEqual(
        opens(promised, delivered, make('x', 400, { exception: { code: 'TRANSIT_DELAYED' } })),
        [],
      );
    });
    it('still hears of damage and disputes', () => {
      assert.deepEqual(
        opens(promised, delivered, make('x', 400, { exception: { code: 'POD_DISCREPANCY' } })),
        [['POD_DISCREPANCY', at(400)]],
      );
    });
    it('never opens a code that the delivery heals, in any order of arrival', () => {
      const healed = exceptionCodes.filter((code) => heals(code, delivered));
      assert.ok(healed.length > 8);
      const fact = fc
        .record({ code: fc.constantFrom(...healed), minute: fc.integer({ min: 0, max: 300 }) })
        .map(({ code, minute }) => make(`${code}${minute}`, minute, { exception: { code } }));
      fc.assert(
        fc.property(fc.array(fact, { minLength: 1 }), (facts) => {
          assert.deepEqual(opens(delivered, ...facts), []);
        }),
      );
    });
  });

  it('still opens what an old fact states that a crowded view no longer keeps', () => {
    const crowd = Array.from({ length: 60 }, (_, n) =>
      make(`c${n}`, 10 + n, { exception: { code: 'CARRIER_HOLD' } }),
    );
    assert.deepEqual(opens(...crowd, make('x', 5, { exception: { code: 'DAMAGED' } })), [['DAMAGED', at(5)]]);
    assert.deepEqual(opens(...crowd, delivered, make('x', 5, { exception: { code: 'REFUSED' } })), []);
  });
  it('opens nothing for a fact whose retraction came first', () => {
    const wrong = make('w', 5, { exception: { code: 'LOST' } });
    assert.deepEqual(opens(make('r', 9, { retracts: { eventId: 'w' } }), wrong), []);
  });

  it('finds the overdue when a timer asks', () => {
    const view = fold([promised, make('o', 40, { milestone: 'OUT_FOR_DELIVERY' })]);
    assert.equal(detectOverdue(view, at(600)), undefined);
    assert.deepEqual(detectOverdue(view, at(601)), { code: 'FINAL_MILE_DELAYED', onsetAt: at(600) });
    assert.equal(detectOverdue(fold([promised, delivered]), at(601)), undefined);
  });

  it('heals by what happened, not by forecasts', () => {
    assert.equal(heals('DELIVERY_ATTEMPT_FAILED', delivered), true);
    assert.equal(heals('DAMAGED', delivered), false);
    assert.equal(
      heals('DELIVERY_ATTEMPT_FAILED', aFact({ classifier: 'ESTIMATED', data: { milestone: 'DELIVERED' } })),
      false,
    );
    assert.equal(heals('CUSTOMS_HOLD', make('c', 1, { milestone: 'CUSTOMS_CLEARED' })), true);
  });
});
