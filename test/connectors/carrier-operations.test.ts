/** Operations of the carriers against a scripted partner: what is sent, what an answer means, what is adopted. */
import assert from 'node:assert/strict';
import type { CallContext, Operation } from '../../lib/connectors/kit/connector';
import { HttpAmbiguousError, type HttpRequest, type HttpResponse } from '../../lib/connectors/kit/http';
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
  const secrets = (name: string) => (name === 'apiKey' ? ['new', 'old'] : [`${name}-1`]);
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
const label = {
  from: address,
  to: address,
  parcel: { weightOz: '15.4' },
  carrier: 'USPS',
  service: 'Priority',
  order: 'SO-1',
};
const rated = {
  id: 'shp_1',
  object: 'Shipment',
  rates: [{ id: 'rate_1', carrier: 'USPS', service: 'Priority', rate: '8.25' }],
  postage_label: null,
};
const bought = {
  ...rated,
  tracking_code: '9400',
  postage_label: { label_url: 'https://files.example.com/l.png' },
  selected_rate: { carrier: 'USPS', service: 'Priority', rate: '8.25', currency: 'USD' },
};
const byReference = `GET /v2/shipments/reroute-${key}`;

describe('EasyPost operations', () => {
  const buy = operationOf('easypost', 'buy-label');

  it('rates and buys a label under our reference', async () => {
    const { http, asked } = partner({
      [byReference]: { status: 404 },
      'POST /v2/shipments': { status: 201, body: rated },
      'POST /v2/shipments/shp_1/buy': { status: 200, body: bought },
    });
    const result = await buy.send(label, callOf(http));
    assert.equal(result.outcome, 'ok');
    assert.partialDeepStrictEqual(result, {
      confirmed: true,
      reference: '9400',
      output: { rate: { amount: '8.25', currency: 'USD' } },
    });
    assert.partialDeepStrictEqual(asked[1]?.json, { shipment: { reference: `reroute-${key}` } });
    assert.deepEqual(asked[2]?.json, { rate: { id: 'rate_1' } });
  });

  it('adopts the label that an unanswered call has bought instead of buying another', async () => {
    const { http, asked } = partner({ [byReference]: { status: 200, body: bought } });
    const result = await buy.send(label, callOf(http));
    assert.equal(result.outcome, 'ok');
    assert.deepEqual(
      asked.map(({ method }) => method),
      ['GET'],
    );
    assert.partialDeepStrictEqual(await buy.lookUp(label, callOf(http)), { found: true, reference: '9400' });
  });

  it('goes on with a shipment that was only rated', async () => {
    const { http, asked } = partner({
      [byReference]: { status: 200, body: rated },
      'POST /v2/shipments/shp_1/buy': { status: 200, body: bought },
    });
    assert.deepEqual(await buy.lookUp(label, callOf(http)), { found: false });
    assert.equal((await buy.send(label, callOf(http))).outcome, 'ok');
    assert.ok(!asked.some(({ path }) => path === '/v2/shipments'));
  });

  it('buys nothing while it cannot tell what exists', async () => {
    const { http } = partner({ [byReference]: { status: 500 } });
    await assert.rejects(
      buy.send(label, callOf(http)),
      (error) => isRerouteError(error) && error.fate === 'retry',
    );
    await assert.rejects(
      buy.lookUp(label, callOf(http)),
      (error) => isRerouteError(error) && error.code === 'LOOK_UP_UNANSWERED',
    );
  });

  it('lets a lost answer to the purchase pass as ambiguous, and calls a 500 unknown', async () => {
    const routes = { [byReference]: { status: 200, body: rated } };
    const lost = partner({ ...routes, 'POST /v2/shipments/shp_1/buy': new HttpAmbiguousError('timed out') });
    await assert.rejects(buy.send(label, callOf(lost.http)), HttpAmbiguousError);
    const broken = partner({ ...routes, 'POST /v2/shipments/shp_1/buy': { status: 502 } });
    assert.equal((await buy.send(label, callOf(broken.http))).outcome, 'unknown');
  });

  it('names the business exception of a refusal, with the vendor’s code', async () => {
    const refuse = async (code: string) => {
      const { http } = partner({
        [byReference]: { status: 404 },
        'POST /v2/shipments': { status: 422, body: { error: { code, message: 'no', errors: ['because'] } } },
      });
      return buy.send(label, callOf(http));
    };
    assert.partialDeepStrictEqual(await refuse('ADDRESS.VERIFY.FAILURE'), {
      outcome: 'business',
      code: 'ADDRESS_INVALID',
      vendorCode: 'ADDRESS.VERIFY.FAILURE',
    });
    assert.partialDeepStrictEqual(await refuse('SHIPMENT.INVALID_PARAMS'), {
      outcome: 'business',
      code: 'LABEL_GENERATION_FAILED',
      message: 'no; because',
    });
  });

  it('says that a service is not offered', async () => {
    const { http } = partner({
      [byReference]: { status: 200, body: { ...rated, rates: [], messages: [{ message: 'too heavy' }] } },
    });
    assert.partialDeepStrictEqual(await buy.send(label, callOf(http)), {
      outcome: 'business',
      code: 'LABEL_GENERATION_FAILED',
    });
  });

  it('finds the failed verification in a 2xx, and the corrected address in another', async () => {
    const verify = operationOf('easypost', 'verify-address');
    const answer = (delivery: object) => ({
      'POST /v2/addresses': {
        status: 201,
        body: { street1: '1 MAIN ST', city: 'SPRINGFIELD', country: 'US', verifications: { delivery } },
      },
    });
    const bad = await verify.send(
      { address },
      callOf(
        partner(
          answer({ success: false, errors: [{ code: 'E.ADDRESS.NOT_FOUND', message: 'Address not found' }] }),
        ).http,
      ),
    );
    assert.deepEqual(bad, {
      outcome: 'business',
      code: 'ADDRESS_INVALID',
      message: 'Address not found',
      vendorCode: 'E.ADDRESS.NOT_FOUND',
    });
    const good = await verify.send({ address }, callOf(partner(answer({ success: true })).http));
    assert.partialDeepStrictEqual(good, {
      outcome: 'ok',
      output: { valid: true, corrected: { lines: ['1 MAIN ST'] } },
    });
  });

  it('only accepts a refund that is submitted, confirms one that is made, and sees the rejection in a 2xx', async () => {
    const refund = operationOf('easypost', 'refund-label');
    const send = (refund_status: string) =>
      refund.send(
        { shipmentId: 'shp_1' },
        callOf(partner({ 'POST /v2/shipments/shp_1/refund': { status: 200, body: { refund_status } } }).http),
      );
    assert.partialDeepStrictEqual(await send('submitted'), { outcome: 'ok', confirmed: false });
    assert.partialDeepStrictEqual(await send('refunded'), { outcome: 'ok', confirmed: true });
    assert.partialDeepStrictEqual(await send('rejected'), { outcome: 'business', code: 'CARRIER_REJECTED' });
  });

  it('tries the key before a rotation when the new one is refused', async () => {
    const { http, asked } = partner({
      [byReference]: (request) =>
        request.headers?.authorization === `Basic ${Buffer.from('old:').toString('base64')}`
          ? { status: 200, body: bought }
          : { status: 401 },
    });
    assert.equal((await buy.send(label, callOf(http))).outcome, 'ok');
    assert.equal(asked.length, 2);
  });
});

describe('a look-up that failed', () => {
  it('is no `not found`: nothing is sent again on its word', async () => {
    const unanswered = (error: unknown) =>
      isRerouteError(error) && error.code === 'LOOK_UP_UNANSWERED' && error.fate === 'retry';
    const broken = { status: 500 };
    const easypost = partner({ 'GET /v2/shipments/shp_1': broken });
    await assert.rejects(
      operationOf('easypost', 'refund-label').lookUp({ shipmentId: 'shp_1' }, callOf(easypost.http)),
      unanswered,
    );
  });
});
