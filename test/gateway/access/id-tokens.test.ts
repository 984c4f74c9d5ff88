/** ID tokens that a provider did not sign, or not for us: forged, confused about their algorithm, expired, of somebody else. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Oidc } from '../../../lib/gateway/access/oidc';
import { startGateway, type TestGateway } from '../support/gateway';
import { browse } from '../support/openid-provider';

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

type Claims = Record<string, unknown>;
type Make = (claims: Claims) => string;

const signed =
  (key: KeyObject, header: object = { alg: 'RS256', kid: 'k' }): Make =>
  (claims) => {
    const text = `${encode(header)}.${encode(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };
const macced =
  (secret: string | Buffer): Make =>
  (claims) => {
    const text = `${encode({ alg: 'HS256', kid: 'k' })}.${encode(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };

describe('An ID token', () => {
  let gateway: TestGateway;
  let server: Server;
  let issuer: string;
  let make: Make = signed(own.privateKey);
  let change: Claims = {};
  let nonce = '';
  before(async () => {
    gateway = await startGateway();
    server = createServer((request, response) => {
      const json = (value: unknown) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      const url = new URL(request.url ?? '/', issuer);
      if (url.pathname === '/.well-known/openid-configuration')
        return json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
        });
      if (url.pathname === '/jwks')
        return json({
          keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }],
        });
      if (url.pathname === '/authorize') {
        nonce = url.searchParams.get('nonce') ?? '';
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.search = new URLSearchParams({
          code: 'c',
          state: url.searchParams.get('state') ?? '',
        }).toString();
        return response.writeHead(302, { location: back.href }).end();
      }
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: issuer,
        sub: 's',
        aud: 'us',
        iat: now,
        exp: now + 60,
        nonce,
        preferred_username: 'ada',
        groups: ['ops'],
        ...change,
      };
      return json({ access_token: 'a', token_type: 'Bearer', id_token: make(claims) });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    gateway.deps.oidc = new Oidc(gateway.deps, {
      issuer: new URL(issuer),
      clientId: 'us',
      clientSecret: 'the secret that we share with the provider',
      scopes: 'openid',
      title: 't',
      rules: {
        nameClaim: 'preferred_username',
        roleClaim: 'groups',
        roles: [{ value: 'ops', role: 'operator' }],
      },
      publicUrl: new URL(gateway.url),
      secret: 'sixteen characters and more',
    });
  });
  after(async () => {
    await gateway.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const signIn = async (how: Make, claims: Claims = {}): Promise<number> => {
    make = how;
    change = claims;
    const end = await browse(`${gateway.url}/auth/oidc`, new Map(), (url) =>
      url.startsWith(`${gateway.url}/console/`),
    );
    return end.response.status;
  };

  it('of the provider, for us, lets in', async () => {
    assert.equal(await signIn(signed(own.privateKey)), 302);
  });

  const pem = own.publicKey.export({ type: 'spki', format: 'pem' });
  const wrong: [string, Make, Claims?][] = [
    ['without a signature', (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`],
    [
      'with an algorithm spelled to slip through',
      (claims) => `${encode({ alg: 'nOnE' })}.${encode(claims)}.`,
    ],
    ['with the public key taken for a shared secret', macced(pem)],
    ['with the client secret for its key', macced('the secret that we share with the provider')],
    ['signed by somebody else', signed(stranger.privateKey)],
    [
      'that brings its own key',
      signed(stranger.privateKey, { alg: 'RS256', jwk: stranger.publicKey.export({ format: 'jwk' }) }),
    ],
    [
      'under a key id that leads elsewhere',
      signed(stranger.privateKey, { alg: 'RS256', kid: '../../dev/null' }),
    ],
    ['for another client', signed(own.privateKey), { aud: 'them' }],
    ['of another issuer', signed(own.privateKey), { iss: 'https://evil.example' }],
    ['that has expired', signed(own.privateKey), { exp: Math.floor(Date.now() / 1000) - 600 }],
    ['of another sign-in', signed(own.privateKey), { nonce: 'another' }],
    [
      'that was changed after it was signed',
      (claims) => {
        const [head, , signature] = signed(own.privateKey)(claims).split('.');
        return `${head}.${encode({ ...claims, groups: ['ops'], sub: 'root' })}.${signature}`;
      },
    ],
  ];
  for (const [what, how, claims] of wrong) {
    it(`${what} lets nobody in`, async () => {
      assert.equal(await signIn(how, claims), 403);
    });
  }
});
