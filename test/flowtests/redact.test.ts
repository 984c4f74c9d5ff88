import assert from 'node:assert/strict';
import { mapTexts, Redactor } from '../../lib/flowtests/capsule/redact';

function redacted(...sources: unknown[]): unknown[] {
  const redactor = new Redactor();
  for (const source of sources) redactor.learn(source);
  return sources.map((source) => mapTexts(source, (text, field) => redactor.text(text, field)));
}

describe('persons in recorded data', () => {
  it('are replaced by the name of the field', () => {
    const [result] = redacted({
      to: {
        name: 'Ada Lovelace',
        email: 'ada@lovelace.example',
        phone: '+44 20 7946 0000',
        lines: ['12 St James Square', 'Flat 3'],
        city: 'London',
        postalCode: 'SW1Y 4LE',
        country: 'GB',
      },
      signedBy: 'A. Lovelace',
    });
    assert.deepEqual(result, {
      to: {
        name: 'Person 1',
        email: 'person1@example.com',
        phone: '+15550100001',
        lines: ['1 Example Street', '2 Example Street'],
        city: 'Exampletown 1',
        postalCode: '10001',
        country: 'GB',
      },
      signedBy: 'Person 2',
    });
  });

  it('are replaced in free text, also where only their form tells', () => {
    const [, text] = redacted(
      { recipient: 'Ada Lovelace' },
      'Left with Ada Lovelace, call (502) 555-0100 or 502-555-0199, mail ada.l+x@mail.example.com',
    );
    assert.equal(text, 'Left with Person 1, call +15550100001 or +15550100002, mail person1@example.com');
  });

  it('get the same stand-in everywhere, whatever the field', () => {
    const [first, second] = redacted(
      { name: 'Ada Lovelace' },
      { note: 'Ada Lovelace again', contact: 'Ada Lovelace' },
    );
    assert.deepEqual(
      [first, second],
      [{ name: 'Person 1' }, { note: 'Person 1 again', contact: 'Person 1' }],
    );
  });

  it('are told from orders, dates, tracking numbers, quantities and order lines', () => {
    const business = {
      orderNumber: 'SO-4711-2026',
      trackingNumber: { carrier: 'fedex', value: '794653850000' },
      at: '2026-03-02T09:00:00.000Z',
      day: '2026-03-04',
      sscc: '340123450000000018',
      lines: [{ line: '10', item: 'SKU-1', quantity: '10' }],
      carrier: 'ups',
      warehouse: 'DC-CLT',
    };
    assert.deepEqual(redacted(business), [business]);
  });

  it('are noticed in what came from nowhere', () => {
    const redactor = new Redactor();
    redactor.learn({ email: 'known@person.example' });
    assert.equal(redactor.isStrange('known@person.example', 'email'), false);
    assert.equal(redactor.isStrange('mail other@person.example', 'description'), true);
    assert.equal(redactor.isStrange('DC Lyon', 'name'), true);
    assert.equal(redactor.isStrange('DC-LYS', 'location'), false);
  });
});
