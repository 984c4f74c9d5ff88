/** The traps of the field (domain.md), one test each. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connectorById } from '../../lib/connectors/kit/registry';
import type { FactDraft } from '../../lib/model/fact';
import { type InboundConnector, inboundConnectors, normalize, receivedAt } from './support/harness';

function inbound(id: string): InboundConnector {
  const found = inboundConnectors.find(({ manifest }) => manifest.id === id);
  assert.ok(found);
  return found;
}

const codeOf = (fact: FactDraft | undefined) => fact?.data.exception?.code;
const read = (id: string, payload: unknown) => normalize(inbound(id), JSON.stringify(payload)).facts;

const fedexScan = (eventType: string, exceptionCode = '', more: object = {}) =>
  read('fedex', {
    output: {
      completeTrackResults: [
        {
          trackingNumber: '700000000017',
          trackResults: [
            {
              scanEvents: [{ date: '2026-01-12T10:00:00-06:00', eventType, exceptionCode, ...more }],
              latestStatusDetail: { code: 'DE' },
            },
          ],
        },
      ],
    },
  });

describe('FedEx', () => {
  it('calls CP clearance in progress, and CD a clearance delay', () => {
    const [progress] = fedexScan('CP');
    assert.deepEqual([codeOf(progress), progress?.data.milestone], [undefined, 'CUSTOMS_CLEARANCE']);
    assert.equal(codeOf(fedexScan('CD')[0]), 'CUSTOMS_HOLD');
  });

  it('keeps the reasons of Express and Ground apart where only zeros tell them apart', () => {
    assert.equal(codeOf(fedexScan('DE', '07')[0]), 'REFUSED');
    assert.equal(codeOf(fedexScan('DE', '007')[0]), 'DELIVERY_ATTEMPT_FAILED');
  });

  it('moves on EA in every group that uses it', () => {
    assert.deepEqual(
      [codeOf(fedexScan('EA')[0]), fedexScan('EA')[0]?.data.milestone],
      [undefined, 'IN_TRANSIT'],
    );
  });

  it('classifies each scan by its own code, not by the latest status', () => {
    assert.equal(codeOf(fedexScan('OD')[0]), undefined);
  });

  it('takes the same event once, whatever words and poll ids come with it', () => {
    const [one] = fedexScan('DE', '08', { eventDescription: 'Delivery exception' });
    const [other] = fedexScan('DE', '08', { eventDescription: 'Zustellproblem' });
    assert.equal(one?.dedupKey, other?.dedupKey);
    const identify = (id: string) =>
      inbound('fedex').inbound.identify({
        headers: {},
        body: Buffer.from(`{"transactionId":"${id}","trackingNumber":"7000 0000-0017"}`),
      });
    assert.deepEqual(identify('a'), identify('b'));
    assert.equal(identify('a').orderKey, 'trk:fedex:700000000017');
  });

  it('wants the partner’s inbound token', () => {
    const check = (authorization: string) =>
      inbound('fedex').inbound.verify(
        { headers: { authorization }, body: Buffer.from('{}') },
        () => ['new', 'old'],
        receivedAt,
      ).ok;
    assert.deepEqual(
      [check('Bearer new'), check('Bearer old'), check('Bearer other'), check('new')],
      [true, true, false, false],
    );
  });

  it('believes a signature of the webhook over the raw bytes, of either key, and no wrong one', () => {
    const body = Buffer.from('{"completeTrackResults": []}');
    const check = (key: string, bytes = body) =>
      inbound('fedex').inbound.verify(
        {
          headers: {
            authorization: 'Bearer inboundToken',
            'fdx-signature': createHmac('sha256', key).update(body).digest('base64'),
          },
          body: bytes,
        },
        (name) => (name === 'webhookSecret' ? ['new', 'old'] : [name]),
        receivedAt,
      ).ok;
    assert.deepEqual(
      [check('new'), check('old'), check('other'), check('new', Buffer.from('{}'))],
      [true, true, false, false],
    );
  });
});

const upsAlert = (type: string, code: string, descriptionCode: string, more: object = {}) =>
  read('ups', {
    trackingNumber: '1Z0000000000000017',
    localActivityDate: '20260112',
    localActivityTime: '091519',
    gmtActivityDate: '20260112',
    gmtActivityTime: '141519',
    activityStatus: { type, code, descriptionCode, description: '' },
    ...more,
  });

describe('UPS', () => {
  it('opens nothing for type X alone: it may still be on time', () => {
    assert.equal(codeOf(upsAlert('X', '', '')[0]), undefined);
    assert.equal(codeOf(upsAlert('X', '', '013')[0]), undefined);
  });

  it('shows a code of type X that nobody explains', () => {
    assert.equal(codeOf(upsAlert('X', 'Q9', '013')[0]), 'UNMAPPED_STATUS');
  });

  it('does not take type D for a delivery when the code says otherwise or nothing it knows', () => {
    for (const code of ['KB', 'Q9']) assert.equal(upsAlert('D', code, '')[0]?.data.milestone, undefined);
    assert.equal(upsAlert('D', 'FS', '011')[0]?.data.milestone, 'DELIVERED');
  });

  it('does not conclude a delay from an old scheduled date', () => {
    const facts = upsAlert('D', 'FS', '011', {
      scheduledDeliveryDate: '20191014',
      actualDeliveryDate: '20260112',
    });
    assert.deepEqual(facts.map(codeOf), [undefined]);
  });

  it('sees a delay only where UPS moved the delivery to a later day', () => {
    const moved = (from: string, to: string) =>
      read('ups', {
        trackResponse: {
          shipment: [
            {
              package: [
                {
                  trackingNumber: '1Z0000000000000017',
                  deliveryDate: [
                    { type: 'SDD', date: from },
                    { type: 'RDD', date: to },
                  ],
                  activity: [{ date: '20260111', time: '061500', status: { type: 'I', code: 'AR' } }],
                },
              ],
            },
          ],
        },
      }).map(codeOf);
    assert.deepEqual(moved('20260112', '20260114'), [undefined, 'TRANSIT_DELAYED']);
    assert.deepEqual(moved('20260114', '20260112'), [undefined]);
  });

  it('reads the offset from the difference of local and GMT time', () => {
    const time = upsAlert('I', 'OT', '021')[0]?.data.time;
    assert.deepEqual([time?.eventTime, time?.timeConfidence], ['2026-01-12T09:15:19-05:00', 'SOURCE_OFFSET']);
  });

  it('wants the credential of the subscription', () => {
    const check = (credential: string) =>
      inbound('ups').inbound.verify(
        { headers: { credential }, body: Buffer.from('{}') },
        () => ['new', 'old'],
        receivedAt,
      ).ok;
    assert.deepEqual([check('new'), check('old'), check('other')], [true, true, false]);
  });
});

const easypostDetail = (detail: object, more: object = {}) =>
  read('easypost', {
    object: 'Tracker',
    tracking_code: '9400',
    carrier: 'USPS',
    status: 'in_transit',
    tracking_details: [{ status: 'in_transit', datetime: '2026-01-12T10:00:00Z', ...detail }],
    ...more,
  });

describe('EasyPost', () => {
  it('believes a time only where the place is complete', () => {
    const confidence = (tracking_location: object | null) =>
      easypostDetail({ tracking_location })[0]?.data.time.timeConfidence;
    assert.equal(confidence({ city: 'HOUSTON', state: 'TX', zip: '77063', country: null }), 'SOURCE_OFFSET');
    assert.equal(confidence({ city: 'HOUSTON', state: null, zip: null, country: null }), 'ASSUMED_UTC');
    assert.equal(confidence({ city: null, state: null, zip: null, country: null }), 'ASSUMED_UTC');
    assert.equal(confidence(null), 'ASSUMED_UTC');
  });

  it('classifies each detail by itself, not by the tracker’s status', () => {
    assert.equal(
      codeOf(easypostDetail({ status: 'return_to_sender', status_detail: 'return' })[0]),
      'RETURNED_TO_SENDER',
    );
    assert.equal(codeOf(easypostDetail({}, { status: 'failure' })[0]), undefined);
  });

  it('finds the failure inside a 2xx address', () => {
    const [fact] = read('easypost', {
      object: 'Address',
      id: 'adr_1',
      verifications: { delivery: { success: false, errors: [] } },
    });
    assert.equal(codeOf(fact), 'ADDRESS_INVALID');
  });

  it('names the shipment of a carrier account by the carrier’s own numbers', () => {
    const body = JSON.stringify({
      object: 'Event',
      id: 'evt_1',
      result: { object: 'Tracker', tracking_code: '1Z9', carrier: 'UPSDAP' },
    });
    const identified = inbound('easypost').inbound.identify({ headers: {}, body: Buffer.from(body) });
    assert.deepEqual(identified, { dedupKey: 'evt_1', orderKey: 'trk:ups:1Z9' });
  });

  it('verifies the signature over the raw bytes under the normalised secret', () => {
    const body = Buffer.from('{"id":"evt_1","name":"ü"}');
    const secret = 'sécret';
    const digest = createHmac('sha256', secret.normalize('NFKD')).update(body).digest('hex');
    const check = (signature: string, bytes = body) =>
      inbound('easypost').inbound.verify(
        { headers: { 'x-hmac-signature': signature }, body: bytes },
        () => [secret.normalize('NFC')],
        receivedAt,
      ).ok;
    assert.ok(check(`hmac-sha256-hex=${digest}`));
    assert.ok(!check(digest));
    assert.ok(!check(`hmac-sha256-hex=${digest}`, Buffer.from('{"id": "evt_1","name":"ü"}')));
  });
});

describe('a carrier’s own list of operations', () => {
  it('says which calls cost money and how they are taken back', () => {
    const costly = ['easypost', 'ups'].flatMap((id) =>
      connectorById(id).operations.filter(({ costs }) => costs),
    );
    assert.deepEqual(
      costly.map(({ id, undo }) => [id, undo?.operation]),
      [
        ['createLabel', 'voidLabel'],
        ['bookPickup', 'cancelPickup'],
        ['createLabel', 'voidLabel'],
        ['bookPickup', 'cancelPickup'],
        ['intercept', 'cancelIntercept'],
      ],
    );
  });
});
