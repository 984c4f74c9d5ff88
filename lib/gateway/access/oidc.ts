/**
 * Sign-in at an OpenID provider: authorization code with PKCE (RFC 7636), state and nonce, over openid-client. What has to be remembered
 * while the person is away stands sealed in a cookie, so that any process can take the answer.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
import { hkdfSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as client from 'openid-client';
import { z } from 'zod';
import type { UserRecord } from '../../ledger/access';
import { seal, unseal } from '../../ledger/sealed/ring';
import { isRerouteError } from '../../model/errors';
import { audit } from '../audit';
import type { GatewayDeps, OidcPort } from '../deps';
import { Problem } from '../problems';
import { cookieName, readCookie, setCookie } from './cookies';
import { type ClaimRules, readClaims } from './oidc-claims';
import { takeUpUser } from './oidc-users';

export interface OidcSettings {
  issuer: URL;
  clientId: string;
  clientSecret: string | undefined;
  scopes: string;
  title: string;
  rules: ClaimRules;
  /** Where people reach the gateway; the provider sends them back below it. */
  publicUrl: URL;
  /** Seals the cookie; the same in every process. */
  secret: string;
}

const startPath = '/auth/oidc';
const callbackPath = `${startPath}/callback`;
const cookie = 'reroute-oidc';
/** How long somebody may take at the provider, seconds. */
const awaySeconds = 600;
const bound = 'oidc sign-in';

const away = z.strictObject({
  verifier: z.string(),
  state: z.string(),
  nonce: z.string(),
  to: z.string(),
  at: z.number(),
});
type Away = z.infer<typeof away>;

type OidcDeps = Pick<GatewayDeps, 'access' | 'ledger' | 'now' | 'newId' | 'log'>;

export class Oidc implements OidcPort {
  readonly offer: OidcPort['offer'];
  private readonly key: Uint8Array;
  private found: Promise<client.Configuration> | undefined;

  constructor(
    private readonly deps: OidcDeps,
    private readonly settings: OidcSettings,
  ) {
    this.offer = { title: settings.title, path: startPath };
    this.key = new Uint8Array(hkdfSync('sha256', settings.secret, '', 'reroute oidc cookie', 32));
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path === startPath) return this.start(request, response);
    if (path === callbackPath) return this.finish(request, response);
    throw new Problem(404, 'no-such-call');
  }

  private async start(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const config = await this.provider();
    const query = new URL(request.url ?? '/', this.settings.publicUrl).searchParams;
    const leaving: Away = {
      verifier: client.randomPKCECodeVerifier(),
      state: client.randomState(),
      nonce: client.randomNonce(),
      to: localPath(query.get('to')),
      at: this.deps.now(),
    };
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: this.redirectUri(),
      scope: this.settings.scopes,
      code_challenge: await client.calculatePKCECodeChallenge(leaving.verifier),
      code_challenge_method: 'S256',
      state: leaving.state,
      nonce: leaving.nonce,
    });
    const sealed = Buffer.from(seal(this.key, Buffer.from(JSON.stringify(leaving)), bound)).toString(
      'base64url',
    );
    this.redirect(request, response, url.href, setCookie(this.secure(request), sealed, awaySeconds, cookie));
  }

  private async finish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const left = this.remembered(request);
    const current = new URL(this.redirectUri());
    current.search = new URL(request.url ?? '/', current).search;
    const tokens = await this.exchange(current, left);
    const claims = tokens.claims();
    if (!claims) throw refused('the provider sent no ID token');
    const read = readClaims(claims, this.settings.rules);
    if (!read.ok) await this.refuse(claims.sub, read.why);
    const user = read.ok
      ? await takeUpUser(this.deps, { issuer: claims.iss, subject: claims.sub }, read)
      : undefined;
    if (!user) return this.refuse(claims.sub, 'the user is disabled');
    const session = await this.deps.access.begin(request, user);
    await this.began(request, user);
    const done = setCookie(this.secure(request), '', 0, cookie);
    this.redirect(request, response, `${this.basePath()}${left.to}`, session.cookie, done);
  }

  /** Whoever brings no cookie of ours, or an old one, did not start here: nobody is signed in as somebody else unawares. */
  private remembered(request: IncomingMessage): Away {
    const value = readCookie(request.headers.cookie, cookieName(this.secure(request), cookie));
    try {
      const plain = unseal(this.key, Buffer.from(value ?? '', 'base64url'), bound);
      const left = away.parse(JSON.parse(Buffer.from(plain).toString()));
      if (this.deps.now() - left.at <= awaySeconds * 1000) return left;
    } catch (error) {
      if (!(error instanceof z.ZodError) && !isRerouteError(error)) throw error;
    }
    throw new Problem(400, 'sign-in-expired', {
      detail: 'The sign-in was not begun here, or took too long. Begin again.',
    });
  }

  private async exchange(current: URL, left: Away) {
    try {
      return await client.authorizationCodeGrant(await this.provider(), current, {
        pkceCodeVerifier: left.verifier,
        expectedState: left.state,
        expectedNonce: left.nonce,
        idTokenExpected: true,
      });
    } catch (error) {
      if (error instanceof Problem) throw error;
      this.deps.log.warn({ err: error }, 'the OpenID provider did not confirm a sign-in');
      throw refused('the provider did not confirm the sign-in');
    }
  }

  /** Found at the first sign-in, and again after a failure. */
  private provider(): Promise<client.Configuration> {
    this.found ??= this.discover().catch((error: unknown) => {
      this.found = undefined;
      this.deps.log.error({ err: error }, 'the OpenID provider cannot be reached');
      throw new Problem(503, 'oidc-unavailable', {
        detail: 'The OpenID provider cannot be reached.',
        headers: { 'retry-after': '10' },
      });
    });
    return this.found;
  }

  private discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const authentication =
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    // Signatures of ID tokens are checked even though they come straight from the provider.
    const execute = [client.enableNonRepudiationChecks];
    if (issuer.protocol === 'http:') execute.push(client.allowInsecureRequests);
    return client.discovery(issuer, clientId, undefined, authentication, { execute, timeout: 10 });
  }

  private async refuse(subject: string, why: string): Promise<never> {
    await audit(this.deps, {
      actor: `oidc:${subject}`.slice(0, 200),
      action: 'session.begin',
      subject: 'user',
      reason: why,
      outcome: 'refused',
    });
    throw refused(why);
  }

  private async began(request: IncomingMessage, user: UserRecord): Promise<void> {
    const { address } = this.deps.access.origins.of(request);
    await audit(this.deps, {
      actor: `user:${user.name}`,
      action: 'session.begin',
      subject: `user:${user.name}`,
      after: { address, issuer: user.external?.issuer ?? null },
      outcome: 'done',
    });
  }

  private redirectUri(): string {
    return new URL(`${this.basePath()}${callbackPath}`, this.settings.publicUrl).href;
  }

  /** Path prefix under which people reach the gateway, without a slash at its end. */
  private basePath(): string {
    return this.settings.publicUrl.pathname.replace(/\/+$/, '');
  }

  private secure(request: IncomingMessage): boolean {
    return this.deps.access.origins.of(request).secure;
  }

  private redirect(
    _request: IncomingMessage,
    response: ServerResponse,
    location: string,
    ...cookies: string[]
  ): void {
    response.writeHead(302, {
      location,
      'set-cookie': cookies,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-length': 0,
    });
    response.end();
  }
}

const refused = (why: string): Problem =>
  new Problem(403, 'oidc-refused', { detail: `You cannot come in: ${why}.` });

/** Somewhere on this site; anything a browser could read as another one leads to the console. */
function localPath(to: string | null): string {
  return to !== null && /^\/(?![/\\])[A-Za-z0-9\-._~!$&'()*+,;=:@%/?#[\]]*$/.test(to) ? to : '/console/';
}
