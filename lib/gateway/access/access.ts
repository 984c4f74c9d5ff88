/** Who calls: a bearer token, or the session of a person whose browser proves that our own page made the request. */
import type { IncomingMessage } from 'node:http';
import type { UserRecord } from '../../ledger/access';
import type { Ledger } from '../../ledger/port';
import type { Caller } from '../deps';
import { bearerOf } from '../health';
import { Problem } from '../problems';
import type { TokenStore } from '../tokens';
import { cookieName, readCookie, setCookie } from './cookies';
import { type OriginSettings, Origins, type RequestOrigin } from './origin';
import { type PasswordCost, Passwords } from './passwords';
import { type SessionLimits, Sessions, sameToken } from './sessions';
import { SignInThrottle } from './throttle';

export const csrfHeader = 'x-csrf-token';

export interface AccessSettings extends OriginSettings {
  sessions?: SessionLimits | undefined;
  passwordCost?: PasswordCost | undefined;
  /** Lets the first visitor who knows it become the first administrator; absent when an admin token is configured. */
  setupCode?: string | undefined;
}

export interface AccessParts {
  ledger: Ledger;
  tokens: TokenStore;
  now(): number;
  settings?: AccessSettings;
}

export class Access {
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly throttle = new SignInThrottle();
  readonly origins: Origins;
  private setupCode: string | undefined;

  constructor(private readonly parts: AccessParts) {
    const { settings = {} } = parts;
    this.passwords = new Passwords(settings.passwordCost);
    this.sessions = new Sessions(parts.ledger, settings.sessions);
    this.origins = new Origins(settings);
    this.setupCode = settings.setupCode;
  }

  /** @throws Problem 403 when another site's page used the session */
  async caller(request: IncomingMessage): Promise<Caller | undefined> {
    const { authorization } = request.headers;
    if (authorization !== undefined)
      return bearerOf(authorization, (token) => this.parts.tokens.authenticate(token, this.parts.now()));
    const secret = this.sessionSecret(request);
    const caller = secret === undefined ? undefined : await this.sessions.caller(secret, this.parts.now());
    if (caller?.via && !isSafe(request.method)) this.demandOwnPage(request, caller.via.csrfToken);
    return caller;
  }

  sessionSecret(request: IncomingMessage): string | undefined {
    return readCookie(request.headers.cookie, cookieName(this.origins.of(request).secure));
  }

  /** Opens a session and answers the cookie for it; the one the browser had ends. */
  async begin(request: IncomingMessage, user: UserRecord): Promise<{ cookie: string; csrfToken: string }> {
    const { address, secure }: RequestOrigin = this.origins.of(request);
    const opened = await this.sessions.open(user, {
      address,
      agent: request.headers['user-agent'] ?? '',
      replaces: this.sessionSecret(request),
      now: this.parts.now(),
    });
    const cookie = setCookie(secure, opened.secret, this.sessions.limits.absoluteMs / 1000);
    return { cookie, csrfToken: opened.csrfToken };
  }

  endCookie(request: IncomingMessage): string {
    return setCookie(this.origins.of(request).secure, '', 0);
  }

  /** A sign-in has no session that could carry a token yet. @throws Problem 403 */
  demandSameOrigin(request: IncomingMessage): void {
    if (!this.origins.isSameOrigin(request))
      throw new Problem(403, 'cross-site', { detail: 'Another site sent this request.' });
  }

  private demandOwnPage(request: IncomingMessage, expected: string): void {
    this.demandSameOrigin(request);
    const given = [request.headers[csrfHeader] ?? []].flat()[0];
    if (!sameToken(given, expected))
      throw new Problem(403, 'csrf', {
        detail: `A write under a session needs the header ${csrfHeader} with the csrfToken of GET /api/v1/me.`,
      });
  }

  /** True while nobody but the holder of the setup code can become an administrator. */
  async needsSetup(): Promise<boolean> {
    return this.setupCode !== undefined && (await this.parts.ledger.userCount()) === 0;
  }

  isSetupCode(given: string): boolean {
    return this.setupCode !== undefined && sameToken(given.trim().toUpperCase(), this.setupCode);
  }

  setupDone(): void {
    this.setupCode = undefined;
  }
}

const isSafe = (method = 'GET'): boolean => method === 'GET' || method === 'HEAD';
