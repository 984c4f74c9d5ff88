/** Personal data by field name. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPersonal, masked, maskForLog, maskPersonal } from '../../lib/model/personal';

describe('Personal data', () => {
  it('is known by its field, however that is spelled', () => {
    for (const name of [
      'recipientName',
      'recipient_name',
      'RECIPIENT-NAME',
      'signedBy',
      'AddressLine1',
      'e-mail',
      'Phone_Number',
      'streetLines',
    ])
      assert.equal(isPersonal(name), true, name);
    for (const name of [
      'name',
      'city',
      'country',
      'status',
      'partner',
      'orderNumber',
      'actor',
      'address',
      'tokens',
    ])
      assert.equal(isPersonal(name), false, name);
  });

  it('is masked wherever it stands, and the shape stays', () => {
    const shown = maskPersonal({
      data: [
        { address: { streetLines: ['Musterweg 1', '2. Stock'], city: 'Berlin' }, phone: 4930123, fax: null },
      ],
      signedBy: { first: 'Erika', last: null },
      text: 'left with erika@example.com at the door',
      reference: 'erika@example.com',
    });
    assert.deepEqual(shown, {
      data: [{ address: { streetLines: [masked, masked], city: 'Berlin' }, phone: masked, fax: null }],
      signedBy: { first: masked, last: null },
      text: `left with ${masked} at the door`,
      reference: 'erika@example.com',
    });
  });

  it('never comes through, at any depth, and nothing else is changed', () => {
    const secret = 'Erika Mustermann';
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'data', 'lines', 'x'), { maxLength: 30 }),
        fc.constantFrom('recipient', 'signed_by', 'Street'),
        (path, field) => {
          const value = path.reduce<unknown>((inner, key) => ({ [key]: [inner] }), {
            [field]: secret,
            kept: 1,
          });
          const text = JSON.stringify(maskPersonal(value));
          assert.ok(!text.includes(secret) && text.includes('"kept":1'));
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ depthSize: 'small' })),
        (value) => {
          fc.pre(!/@/.test(JSON.stringify(value)));
          const keysOf = (one: unknown): string[] =>
            one === null || typeof one !== 'object'
              ? []
              : Object.entries(one).flatMap(([key, item]) => [key, ...keysOf(item)]);
          fc.pre(!keysOf(value).some(isPersonal));
          assert.equal(JSON.stringify(maskPersonal(value)), JSON.stringify(value));
        },
      ),
    );
  });

  it('in a log goes with the secrets', () => {
    const shown = maskForLog({
      headers: { Authorization: 'Bearer x', 'X-Api-Key': 'k' },
      clientSecret: 's',
      partner: 'acme',
    });
    assert.deepEqual(shown, {
      headers: { Authorization: masked, 'X-Api-Key': masked },
      clientSecret: masked,
      partner: 'acme',
    });
  });
});
