/** Sessions and CSRF tokens as SAP Gateway ties them together: a token counts only beside the session cookie it was given with. */
import { randomBytes } from 'node:crypto';
import { type Call, Refusal } from '../../core/http';

const cookieName = 'SAP_SESSIONID_SBX_100';
/** Clients that open a session a call must not fill the memory. */
const kept = 5_000;

export class Sessions {
  private readonly tokens = new Map<string, string>();

  /** Headers of a read that asks `x-csrf-token: Fetch`; a session that exists keeps its token. */
  fetch(call: Call): Record<string, string | string[]> {
    if (call.headers['x-csrf-token']?.toLowerCase() !== 'fetch') return {};
    const current = this.cookieOf(call);
    const known = current === undefined ? undefined : this.tokens.get(current);
    if (known) return { 'x-csrf-token': known };
    const session = randomBytes(16).toString('hex');
    const token = randomBytes(16).toString('base64url');
    this.tokens.set(session, token);
    const [oldest] = this.tokens.keys();
    if (this.tokens.size > kept && oldest !== undefined) this.tokens.delete(oldest);
    return {
      'x-csrf-token': token,
      'set-cookie': ['sap-usercontext=sap-client=100; path=/', `${cookieName}=${session}; path=/; HttpOnly`],
    };
  }

  /** Throws 403 with `x-csrf-token: Required` unless session and token belong together. */
  require(call: Call): void {
    const session = this.cookieOf(call);
    const token = session === undefined ? undefined : this.tokens.get(session);
    if (token !== undefined && token === call.headers['x-csrf-token']) return;
    const headers = { 'x-csrf-token': 'Required', 'content-type': 'text/plain; charset=utf-8' };
    throw new Refusal({ status: 403, headers, body: 'CSRF token validation failed' });
  }

  /** Ends all sessions, as a restart of the gateway does. */
  expire(): void {
    this.tokens.clear();
  }

  private cookieOf(call: Call): string | undefined {
    const pairs = (call.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
  }
}
