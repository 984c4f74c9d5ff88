/** Operations of the carriers against a scripted partner: what is sent, what an answer means, what is adopted. */
import assert from 'node:assert/strict';
import type { CallContext, Operation } from '../../lib/connectors/kit/connector';
import type { HttpRequest, HttpResponse } from '../../lib/connectors/kit/http';
import { connectorById } from '../../lib/connectors/kit/registry';
import { Tokens } from '../../lib/engine/partners/tokens';
import { noFiles, noMail } from '../../lib/engine/partners/transports';
import { isRerouteError } from '../../lib/model/errors';

type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | Error;

/** A partner that answers by method and path and remembers what it was asked. */
function partner(routes: Record<string, Answer | ((request: HttpRequest) => Answer)>) {
  const asked: HttpRequest[] = [];
  const http = async (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(request);
    const route = routes[`${request.method} ${request.path.split('?')[0]}`];
    assert.ok(route !== undefined, `nobody answers ${request.method} ${request.path}`);
    const answer = typeof route === 'function' ? route(request) : route;
    if (answer instanceof Error) throw answer;
    const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
    return {
      status: answer.status,
      headers: answer.headers ?? {},
      body: Buffer.from(text),
      text: () => text,
      json: () => answer.body,
    };
  };
  return { http, asked };
}

const key = 'ab'.repeat(32);
function callOf(http: CallContext['http'], settings: Record<string, unknown> = {}): CallContext {
  const secrets = (name: string) => [`${name}-1`];
  return {
    http,
    files: noFiles,
    mail: noMail,
    tokens: new Tokens(() => 0),
    secrets,
    settings,
    idempotencyKey: key,
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    now: 0,
  };
}

function operationOf(connector: string, id: string): Operation & Required<Pick<Operation, 'lookUp'>> {
  const found = connectorById(connector).operations.find((operation) => operation.id === id);
  assert.ok(found);
  const none = async () => ({ found: false as const });
  return { ...found, lookUp: found.lookUp ?? none };
}

const address = {
  lines: ['1 Main St'],
  city: 'Springfield',
  region: 'IL',
  postalCode: '62701',
  country: 'US',
  name: 'A. Person',
};
const token = { 'POST /security/v1/oauth/token': { status: 200, body: { access_token: 't' } } };
const ship = {
  shipper: address,
  shipTo: address,
  service: '03',
  weight: { value: '5', unit: 'LBS' },
  packaging: '02',
  reference: 'SO-1',
};
const settings = { shipperNumber: 'A1B2C3', transactionSource: 'reroute' };

describe('UPS operations', () => {
  const create = operationOf('ups', 'create-label');
  const made = {
    ShipmentResponse: {
      ShipmentResults: {
        ShipmentIdentificationNumber: '1Z0',
        PackageResults: [
          { TrackingNumber: '1Z1', ShippingLabel: { ImageFormat: { Code: 'GIF' }, GraphicImage: 'R0lG' } },
        ],
      },
    },
  };

  it('creates a label with our reference on the package', async () => {
    const { http, asked } = partner({
      ...token,
      'POST /api/shipments/v2409/ship': { status: 200, body: made },
    });
    const result = await create.send(ship, callOf(http, settings));
    assert.partialDeepStrictEqual(result, {
      outcome: 'ok',
      confirmed: true,
      output: { shipmentId: '1Z0', trackingNumber: '1Z1', label: { format: 'GIF', data: 'R0lG' } },
    });
    assert.match(JSON.stringify(asked[1]?.json), new RegExp(key.slice(0, 35)));
    assert.equal(asked[1]?.headers?.authorization, 'Bearer t');
  });

  it('recovers the label of an unanswered call by our reference', async () => {
    const found = {
      LabelRecoveryResponse: {
        ShipmentIdentificationNumber: '1Z0',
        LabelResults: [
          { TrackingNumber: '1Z1', LabelImage: { LabelImageFormat: { Code: 'GIF' }, GraphicImage: 'R0lG' } },
        ],
      },
    };
    const { http } = partner({ ...token, 'POST /api/labels/v1/recovery': { status: 200, body: found } });
    assert.partialDeepStrictEqual(await create.lookUp(ship, callOf(http, settings)), {
      found: true,
      reference: '1Z1',
    });
  });

  it('does not take a refused look-up for proof that there is no label', async () => {
    const { http } = partner({
      ...token,
      'POST /api/labels/v1/recovery': {
        status: 400,
        body: { response: { errors: [{ code: '1', message: 'no' }] } },
      },
    });
    await assert.rejects(
      create.lookUp(ship, callOf(http, settings)),
      (error) => isRerouteError(error) && error.fate === 'retry',
    );
  });

  it('tells a refused address from a refused label', async () => {
    const refuse = (code: string) =>
      create.send(
        ship,
        callOf(
          partner({
            ...token,
            'POST /api/shipments/v2409/ship': {
              status: 400,
              body: { response: { errors: [{ code, message: 'no' }] } },
            },
          }).http,
          settings,
        ),
      );
    assert.partialDeepStrictEqual(await refuse('120203'), { outcome: 'business', code: 'ADDRESS_INVALID' });
    assert.partialDeepStrictEqual(await refuse('120500'), {
      outcome: 'business',
      code: 'LABEL_GENERATION_FAILED',
      vendorCode: '120500',
    });
  });

  it('sees in a 2xx that there is no such address', async () => {
    const validate = operationOf('ups', 'validate-address');
    const send = (XAVResponse: object) =>
      validate.send(
        { address },
        callOf(
          partner({ ...token, 'POST /api/addressvalidation/v2/1': { status: 200, body: { XAVResponse } } })
            .http,
          settings,
        ),
      );
    assert.partialDeepStrictEqual(await send({ NoCandidatesIndicator: '' }), {
      outcome: 'business',
      code: 'ADDRESS_INVALID',
    });
    const format = {
      AddressLine: ['1 MAIN ST'],
      PoliticalDivision2: 'SPRINGFIELD',
      PoliticalDivision1: 'IL',
      PostcodePrimaryLow: '62701',
      PostcodeExtendedLow: '0001',
      CountryCode: 'US',
    };
    const good = await send({ ValidAddressIndicator: '', Candidate: { AddressKeyFormat: format } });
    assert.partialDeepStrictEqual(good, {
      outcome: 'ok',
      output: { corrected: { postalCode: '62701-0001' } },
    });
  });

  it('voids, and sees in a 2xx that nothing was voided', async () => {
    const voiding = operationOf('ups', 'void-shipment');
    const send = (Code: string) => {
      const body = { VoidShipmentResponse: { SummaryResult: { Status: { Code, Description: 'x' } } } };
      return voiding.send(
        { shipmentId: '1Z0' },
        callOf(
          partner({ ...token, 'DELETE /api/shipments/v2409/void/cancel/1Z0': { status: 200, body } }).http,
          settings,
        ),
      );
    };
    assert.partialDeepStrictEqual(await send('1'), { outcome: 'ok', confirmed: true });
    assert.partialDeepStrictEqual(await send('0'), { outcome: 'business', code: 'CARRIER_REJECTED' });
  });

  it('says that a number is unknown, and keeps the answer for the mapping', async () => {
    const track = operationOf('ups', 'track');
    const { http } = partner({
      ...token,
      'GET /api/track/v1/details/1Z00000': { status: 404, body: { response: { errors: [] } } },
    });
    assert.partialDeepStrictEqual(await track.send({ trackingNumber: '1Z00000' }, callOf(http)), {
      outcome: 'ok',
      output: { found: false },
    });
  });

  it('stops at credentials that UPS refuses, and waits when its token endpoint is busy', async () => {
    const track = operationOf('ups', 'track');
    const answering = (status: number) =>
      callOf(partner({ 'POST /security/v1/oauth/token': { status, headers: { 'retry-after': '7' } } }).http);
    await assert.rejects(
      track.send({ trackingNumber: '1Z00000' }, answering(401)),
      (error) => isRerouteError(error) && error.code === 'CREDENTIALS_REFUSED',
    );
    await assert.rejects(
      track.send({ trackingNumber: '1Z00000' }, answering(429)),
      (error) => isRerouteError(error) && error.retryAfterMs === 7000,
    );
  });
});

const fedexToken = { 'POST /oauth/token': { status: 200, body: { access_token: 't' } } };
const tracked = (code: string) => ({
  output: {
    completeTrackResults: [
      { trackingNumber: '7', trackResults: [{ latestStatusDetail: { code, description: 'x' } }] },
    ],
  },
});

describe('FedEx operations', () => {
  const cancel = operationOf('fedex', 'cancel-shipment');
  const account = { accountNumber: '123456789', senderCountryCode: 'US' };

  it('cancels for the account of the partner', async () => {
    const { http, asked } = partner({
      ...fedexToken,
      'PUT /ship/v1/shipments/cancel': { status: 200, body: { output: { cancelledShipment: true } } },
    });
    assert.partialDeepStrictEqual(await cancel.send({ trackingNumber: '7' }, callOf(http, account)), {
      outcome: 'ok',
      confirmed: true,
    });
    assert.partialDeepStrictEqual(asked[1]?.json, {
      accountNumber: { value: '123456789' },
      trackingNumber: '7',
    });
  });

  it('sees in a 2xx that the shipment stays, and does not believe a 2xx that says nothing', async () => {
    const send = (output: object) =>
      cancel.send(
        { trackingNumber: '7' },
        callOf(
          partner({ ...fedexToken, 'PUT /ship/v1/shipments/cancel': { status: 200, body: { output } } }).http,
          account,
        ),
      );
    assert.partialDeepStrictEqual(await send({ cancelledShipment: false, message: 'already picked up' }), {
      outcome: 'business',
      message: 'already picked up',
    });
    assert.equal((await send({})).outcome, 'unknown');
  });

  it('finds a cancelled shipment in Track, and no other', async () => {
    const look = (code: string) =>
      cancel.lookUp(
        { trackingNumber: '7' },
        callOf(
          partner({ ...fedexToken, 'POST /track/v1/trackingnumbers': { status: 200, body: tracked(code) } })
            .http,
          account,
        ),
      );
    assert.partialDeepStrictEqual(await look('CA'), { found: true, confirmed: true });
    assert.deepEqual(await look('PU'), { found: false });
  });

  it('asks for the account number before it asks FedEx', async () => {
    const { http, asked } = partner({});
    assert.equal((await cancel.send({ trackingNumber: '7' }, callOf(http))).outcome, 'fatal');
    assert.deepEqual(asked, []);
  });

  it('reads all scans, and says when a 2xx holds no shipment', async () => {
    const track = operationOf('fedex', 'track');
    const send = (body: object) =>
      track.send(
        { trackingNumber: '7' },
        callOf(partner({ ...fedexToken, 'POST /track/v1/trackingnumbers': { status: 200, body } }).http),
      );
    assert.partialDeepStrictEqual(await send(tracked('DL')), {
      outcome: 'ok',
      output: { found: true, status: 'DL' },
    });
    const unknown = {
      output: {
        completeTrackResults: [{ trackResults: [{ error: { code: 'TRACKING.TRACKINGNUMBER.NOTFOUND' } }] }],
      },
    };
    assert.partialDeepStrictEqual(await send(unknown), { outcome: 'ok', output: { found: false } });
  });
});

describe('a look-up that failed', () => {
  it('is no `not found`: nothing is sent again on its word', async () => {
    const unanswered = (error: unknown) =>
      isRerouteError(error) && error.code === 'LOOK_UP_UNANSWERED' && error.fate === 'retry';
    const broken = { status: 500 };
    const fedex = partner({ ...fedexToken, 'POST /track/v1/trackingnumbers': broken });
    await assert.rejects(
      operationOf('fedex', 'cancel-shipment').lookUp({ trackingNumber: '7' }, callOf(fedex.http)),
      unanswered,
    );
    const ups = partner({ ...token, 'GET /api/track/v1/details/1Z0': broken });
    await assert.rejects(
      operationOf('ups', 'void-shipment').lookUp({ shipmentId: '1Z0' }, callOf(ups.http)),
      unanswered,
    );
  });
});
