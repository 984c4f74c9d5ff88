/** A partner's form as the engine gets it. */
import assert from 'node:assert/strict';
import { partnerConfigOf, partnerForm } from '../../nodes/partner/form';

const form = (fields: object = {}) => partnerForm.parse({ partnerId: 'acme', connector: 'x12', ...fields });

describe('The partner form', () => {
  it('leaves to the engine what it does not say', () => {
    const { fetch, folders, lane, overrides } = partnerConfigOf(form());
    assert.deepEqual(
      { fetch, folders, lane, overrides },
      { fetch: { enabled: true }, folders: {}, lane: undefined, overrides: [] },
    );
  });

  it('gives seconds as milliseconds, and folders below another inbox', () => {
    const { fetch, folders } = partnerConfigOf(
      form({
        fetchEnabled: false,
        fetchMinSeconds: '0.5',
        fetchMaxSeconds: '90',
        settleSeconds: '0',
        lookBackHours: '48',
        forgetAfterDays: '',
        inbox: 'from-acme',
        rejectedFolder: 'trouble',
      }),
    );
    assert.deepEqual(fetch, { enabled: false, minMs: 500, maxMs: 90_000, settleMs: 0, lookBackHours: 48 });
    assert.deepEqual(folders, { inbox: 'from-acme', done: 'from-acme/done', rejected: 'trouble' });
  });

  it('refuses folders that lead out of the endpoint, and half an override', () => {
    for (const inbox of ['../other', '/etc', 'a/../b', 'a//b', 'a\\b', '.hidden'])
      assert.equal(partnerForm.safeParse({ ...form(), secrets: {}, inbox }).success, false, inbox);
    assert.equal(partnerForm.safeParse({ ...form(), secrets: {}, inbox: 'edi/in box' }).success, true);
    assert.equal(
      partnerForm.safeParse({ ...form(), secrets: {}, overrides: [{ set: 'bizStep', to: '' }] }).success,
      false,
    );
  });
});
