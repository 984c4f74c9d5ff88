/** A certified OpenID provider (oidc-provider) on a free port, where the named person signs in without a word. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestProvider {
  issuer: string;
  /** Who signs in next, as claims. */
  person: { sub: string; [claim: string]: unknown };
  stop(): Promise<void>;
}

export const clientId = 'reroute-test';
export const clientSecret = 'the-secret-of-the-test-client';

export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const { default: Provider } = await import('oidc-provider');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: TestProvider = {
    issuer,
    person: { sub: 'nobody' },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups', 'regions'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['test'] },
    pkce: { required: () => true },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ ...state.person, sub }),
    }),
    loadExistingGrant: async (context: {
      oidc: { client: { clientId: string }; session: { accountId: string } };
    }) => {
      const grant = new provider.Grant({
        accountId: context.oidc.session.accountId,
        clientId: context.oidc.client.clientId,
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response);
    provider
      .interactionFinished(request, response, { login: { accountId: state.person.sub } })
      .catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
  });
  return state;
}

/** Follows redirects as a browser does, with one cookie jar for each host; ends where `until` says, or at no redirect. */
export async function browse(
  start: string,
  jar: Map<string, Map<string, string>>,
  until: (url: string) => boolean = () => false,
): Promise<{ url: string; response: Response }> {
  let url = start;
  for (let hop = 0; hop < 15; hop += 1) {
    const { host } = new URL(url);
    const cookies = jar.get(host) ?? new Map<string, string>();
    jar.set(host, cookies);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/Max-Age=0|1970/.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    if (location === null) return { url, response };
    await response.body?.cancel();
    url = new URL(location, url).href;
    if (until(url)) return { url, response };
  }
  throw new Error(`more redirects than a sign-in has: ${url}`);
}
