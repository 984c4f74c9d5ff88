import assert from 'node:assert/strict';
import { tooLong } from '../../lib/connectors/kit/address-room';

describe('addresses in the fields of a carrier', () => {
  const room = { carrier: 'UPS', line: 10, city: 8, postalCode: 5 };
  const fitting = { lines: ['1 Main St', '0123456789'], city: 'Hamilton', postalCode: '40202' };

  it('fit up to the last character', () => {
    assert.equal(tooLong(room, fitting, { lines: ['x'], city: 'y' }), undefined);
  });

  it('are refused when any street line, the city or the postal code is longer, and never cut', () => {
    assert.match(
      tooLong(room, fitting, { ...fitting, lines: ['ok', '01234567890'] }) ?? '',
      /^a street line has 11 characters, and UPS takes 10/,
    );
    assert.match(tooLong(room, { ...fitting, city: 'Hamiltons' }) ?? '', /^a city has 9/);
    assert.match(tooLong(room, { ...fitting, postalCode: '402021' }) ?? '', /^a postal code has 6/);
  });

  it('stay out of the refusal, which may be shown to anybody', () => {
    assert.doesNotMatch(tooLong(room, { ...fitting, city: 'Hamiltons' }) ?? '', /Hamilton/);
  });
});
