import assert from 'node:assert/strict';
import { lengthIn, totalWeight, weightIn } from '../../lib/connectors/kit/measures';
import { majorUnits, moneyOf } from '../../lib/connectors/kit/money';

describe('weights and lengths in the unit of a vendor', () => {
  it('are converted exactly and rounded up', () => {
    assert.equal(weightIn({ value: '1.5', uom: 'KGM' }, 'LBR', 1), '3.4');
    assert.equal(weightIn({ value: '1.5', uom: 'KGM' }, 'KGM', 1), '1.5');
    assert.equal(weightIn({ value: '16', uom: 'ONZ' }, 'LBR', 1), '1');
    assert.equal(weightIn({ value: '250', uom: 'GRM' }, 'KGM', 3), '0.25');
    assert.equal(lengthIn('30', 'CMT', 'INH', 0), '12');
    assert.equal(lengthIn('12', 'INH', 'CMT', 1), '30.5');
  });

  it('are refused when they are no weight at all', () => {
    assert.equal(weightIn({ value: '1', uom: 'EA' }, 'KGM', 1), undefined);
    assert.equal(weightIn({ value: '0', uom: 'KGM' }, 'KGM', 1), undefined);
    assert.equal(weightIn({ value: '-1', uom: 'KGM' }, 'KGM', 1), undefined);
  });

  it('are summed in one unit', () => {
    const parcels = [
      { value: '1.5', uom: 'KGM' },
      { value: '500', uom: 'GRM' },
    ];
    assert.equal(totalWeight(parcels, 'KGM', 1), '2');
    assert.equal(totalWeight([...parcels, { value: '1', uom: 'EA' }], 'KGM', 1), undefined);
  });
});

describe('amounts of money', () => {
  it('are read in the minor units of their currency, and written back', () => {
    assert.deepEqual(moneyOf('12.5', 'USD'), { amountMinor: '1250', currency: 'USD' });
    assert.deepEqual(moneyOf(1000, 'JPY'), { amountMinor: '1000', currency: 'JPY' });
    assert.equal(moneyOf('1.005', 'USD'), undefined);
    assert.deepEqual(
      moneyOf('1', 'usd'),
      { amountMinor: '100', currency: 'USD' },
      'some shops write it small',
    );
    for (const currency of ['dollars', 'US', 'U$D', '', undefined, 840])
      assert.equal(moneyOf('1', currency), undefined);
    assert.equal(majorUnits({ amountMinor: '1250', currency: 'USD' }), '12.50');
    assert.equal(majorUnits({ amountMinor: '5', currency: 'USD' }), '0.05');
    assert.equal(majorUnits({ amountMinor: '1000', currency: 'JPY' }), '1000');
  });
});
