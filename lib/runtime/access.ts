/** Who gets in: tokens, sessions and the set-up of the first administrator, as the environment says. */
import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { Access } from '../gateway/access/access';
import { Oidc } from '../gateway/access/oidc';
import { openTokenStore, type TokenStore } from '../gateway/tokens';
import type { Ledger } from '../ledger/port';
import { developmentSecret, developmentToken, type Environment } from './environment';

export interface OpenedAccess {
  tokens: TokenStore;
  access: Access;
  setupCode: string | undefined;
}

export function openAccess(environment: Environment, ledger: Ledger, log: Logger): OpenedAccess {
  const adminToken = environment.adminToken ?? (environment.production ? undefined : developmentToken);
  const tokens = openTokenStore({
    dataDir: environment.dataDir,
    ...(adminToken === undefined ? {} : { adminToken }),
    onError: (error) => log.error({ err: error }, 'tokens.json cannot be used'),
  });
  const setupCode = environment.adminToken === undefined ? newSetupCode() : undefined;
  const access = new Access({
    ledger,
    tokens,
    now: Date.now,
    settings: {
      publicUrl: environment.publicUrl,
      trustedProxies: environment.trustedProxies,
      sessions: environment.session,
      setupCode,
    },
  });
  return { tokens, access, setupCode };
}

export function openOidc(
  { oidc, publicUrl, credentialSecret }: Environment,
  deps: ConstructorParameters<typeof Oidc>[0],
): Oidc | undefined {
  if (!oidc || !publicUrl) return undefined;
  return new Oidc(deps, { ...oidc, publicUrl, secret: credentialSecret ?? developmentSecret });
}

/** Crockford's base 32: nothing in it is misread. 20 characters are 100 bits. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function newSetupCode(): string {
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
