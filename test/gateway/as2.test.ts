/** Deliveries by AS2: plain EDI over HTTP, and the receipt that the sender asks for. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { startGateway, type TestGateway } from './support/gateway';

const interchange =
  'ISA*00*          *00*          *ZZ*ACME           *ZZ*REROUTE        *260302*0800*U*00401*000000001*0*P*>~';

describe('a delivery by AS2', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  const post = (headers: Record<string, string> = {}, body: string = interchange) =>
    fetch(`${gateway.url}/in/acme`, {
      method: 'POST',
      body,
      headers: {
        'x-token': 'right',
        'content-type': 'application/edi-x12',
        'as2-version': '1.2',
        'as2-from': 'ACME',
        'as2-to': '"Reroute EU"',
        'message-id': '<1@acme.example>',
        ...headers,
      },
    });
  const asking = {
    'disposition-notification-to': 'edi@acme.example',
    'disposition-notification-options':
      'signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256, sha1',
  };

  it('is answered as any other when no receipt is asked for', async () => {
    const response = await post();
    assert.equal(response.status, 202);
    const { id } = (await response.json()) as { id: string };
    const raw = await gateway.ledger.rawPayload(id);
    assert.equal(Buffer.from(raw?.body ?? []).toString(), interchange);
    assert.equal(raw?.mediaType, 'application/edi-x12');
  });

  it('gets the receipt it asks for, also when it is sent again', async () => {
    const mic = createHash('sha256').update(interchange).digest('base64');
    for (let turn = 0; turn < 2; turn += 1) {
      const response = await post(asking);
      assert.equal(response.status, 200);
      const type = response.headers.get('content-type') ?? '';
      assert.match(type, /^multipart\/report; report-type=disposition-notification; boundary="/);
      assert.equal(response.headers.get('as2-from'), '"Reroute EU"');
      assert.equal(response.headers.get('as2-to'), 'ACME');
      const text = await response.text();
      const boundary = /boundary="([^"]+)"/.exec(type)?.[1] ?? '';
      const parts = text.split(`--${boundary}`);
      assert.equal(parts.length, 4);
      assert.match(parts[2] ?? '', /^\r\nContent-Type: message\/disposition-notification\r\n\r\n/);
      assert.match(parts[2] ?? '', /^Original-Message-ID: <1@acme\.example>\r$/m);
      assert.match(parts[2] ?? '', /^Disposition: automatic-action\/MDN-sent-automatically; processed\r$/m);
      assert.ok(parts[2]?.includes(`Received-content-MIC: ${mic}, sha-256\r\n`));
    }
  });

  it('gets no receipt that would claim what was not checked', async () => {
    const demanding = {
      ...asking,
      'disposition-notification-options': 'signed-receipt-protocol=required, pkcs7-signature',
    };
    for (const headers of [
      demanding,
      { ...asking, 'receipt-delivery-option': 'https://acme.example/mdn' },
      { ...asking, 'content-type': 'multipart/signed; protocol="application/pkcs7-signature"' },
      { ...asking, 'content-type': 'application/pkcs7-mime; smime-type=enveloped-data' },
      { 'disposition-notification-to': 'x', 'as2-from': '' },
    ]) {
      const response = await post(headers, `${interchange}${JSON.stringify(headers)}`);
      assert.equal(response.status, 202, JSON.stringify(headers));
    }
  });

  it('gets a refusal, not a receipt, when it is refused', async () => {
    const response = await post({ ...asking, 'x-token': 'wrong' });
    assert.equal(response.status, 401);
    assert.match(response.headers.get('content-type') ?? '', /problem/);
  });
});
