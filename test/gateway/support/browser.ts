/** A browser as far as cookies, origin and the CSRF token go. */
import { randomUUID } from 'node:crypto';
import { addUser } from '../../../lib/gateway/access/users';
import type { Role } from '../../../lib/gateway/roles';
import type { Scope } from '../../../lib/model/scope';
import type { TestGateway } from './gateway';

export const password = 'seven quiet lighthouses';

export class Browser {
  cookie = '';
  csrf = '';
  lastSetCookie = '';

  constructor(private readonly gateway: Pick<TestGateway, 'url'>) {}

  async send(call: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const [method = 'GET', path = ''] = call.split(' ', 2);
    const response = await fetch(`${this.gateway.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(method === 'POST'
          ? {
              'x-csrf-token': this.csrf,
              'idempotency-key': randomUUID(),
              origin: this.gateway.url,
              'sec-fetch-site': 'same-origin',
            }
          : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) {
      this.lastSetCookie = set;
      this.cookie = set.split(';', 1)[0] ?? '';
    }
    return response;
  }

  /** The status of a sign-in; the browser remembers what came of it. */
  async signIn(name: string, secret = password, headers: Record<string, string> = {}): Promise<number> {
    const response = await this.send('POST /sign-in', { name, password: secret }, headers);
    const answer = (await response.json()) as { csrfToken?: string };
    if (response.ok) this.csrf = answer.csrfToken ?? '';
    return response.status;
  }
}

export async function addPerson(
  gateway: TestGateway,
  name: string,
  role: Role,
  scope?: Scope,
): Promise<void> {
  const deps = { ...gateway.deps, passwords: gateway.deps.access.passwords };
  await addUser(deps, { name, role, scope, password }, { actor: 'test', reason: 'test' });
}

/** Signed in as a new user of that name and role. */
export async function browserAs(
  gateway: TestGateway,
  name: string,
  role: Role,
  scope?: Scope,
): Promise<Browser> {
  await addPerson(gateway, name, role, scope);
  const browser = new Browser(gateway);
  await browser.signIn(name);
  return browser;
}
