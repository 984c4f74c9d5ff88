import assert from 'node:assert/strict';
import { constants, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { HttpPort } from '../../lib/connectors/kit/http';
import { connector } from '../../lib/connectors/netsuite';
import { type Claims, signedAssertion } from '../../lib/connectors/netsuite/assertion';
import { isRerouteError } from '../../lib/model/errors';
import { callOf, operationOf } from '../support/http-port';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: typeof rsa.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const claims: Claims = {
  clientId: 'client',
  certificateId: 'cert-1',
  audience: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token',
  now: Date.parse('2026-03-02T08:00:00Z'),
};
const read = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as object;

describe('netsuite assertion', () => {
  it('says who asks, for what, where, and for how long', () => {
    const [header, payload] = signedAssertion(claims, pem(ec.privateKey), 'ES256').split('.');
    assert.deepEqual(read(header), { typ: 'JWT', alg: 'ES256', kid: 'cert-1' });
    assert.deepEqual(read(payload), {
      iss: 'client',
      scope: ['rest_webservices'],
      aud: claims.audience,
      iat: 1772438400,
      exp: 1772438700,
    });
  });

  it('is signed as PS256 and ES256 are', () => {
    const parts = (jwt: string) => {
      const at = jwt.lastIndexOf('.');
      return [Buffer.from(jwt.slice(0, at)), Buffer.from(jwt.slice(at + 1), 'base64url')] as const;
    };
    const [text, signature] = parts(signedAssertion(claims, pem(rsa.privateKey), 'PS256'));
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    assert.ok(
      verify(
        'sha256',
        text,
        {
          key: createPublicKey(rsa.publicKey.export({ type: 'spki', format: 'pem' })),
          padding,
          saltLength: 32,
        },
        signature,
      ),
    );
    const [other, short] = parts(signedAssertion(claims, pem(ec.privateKey), 'ES256'));
    assert.equal(short.length, 64);
    assert.ok(verify('sha256', other, { key: ec.publicKey, dsaEncoding: 'ieee-p1363' }, short));
  });

  it('refuses a key of another kind, and never quotes it', () => {
    for (const [key, algorithm] of [
      [pem(rsa.privateKey), 'ES256'],
      ['not a key', 'PS256'],
    ] as const)
      assert.throws(
        () => signedAssertion(claims, key, algorithm),
        (error) => isRerouteError(error) && error.code === 'PRIVATE_KEY' && !String(error).includes(key),
      );
  });

  it('tries the certificate before the current one while they are being exchanged', async () => {
    const asked: unknown[] = [];
    const http: HttpPort = async (request) => {
      if (!request.path.endsWith('/token')) return answer(200, { items: [] });
      const assertion = new URLSearchParams(String(request.body)).get('client_assertion') ?? '';
      const { kid } = read(assertion.split('.')[0]) as { kid: string };
      asked.push(kid);
      return kid === 'old' ? answer(200, { access_token: 'at', expires_in: '3600' }) : answer(400, {});
    };
    const operation = operationOf(connector.operations, 'readOrder');
    const context = callOf(http, {
      settings: { accountId: '1234567', algorithm: 'ES256' },
      secrets: {
        clientId: ['client'],
        certificateId: ['new', 'old'],
        privateKey: [pem(ec.privateKey), pem(ec.privateKey)],
      },
    });
    const result = await operation.send({ order: 'SO1' }, context);
    assert.deepEqual([asked, result.outcome], [['new', 'old'], 'business']);
  });
});

const answer = (status: number, json: unknown) => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify(json)),
  text: () => JSON.stringify(json),
  json: () => json,
});
