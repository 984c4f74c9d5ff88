/**
 * Who is signed in, for the rest of the console: everything that knows of credentials stands here. People have a session
 * whose cookie no script can read; a token, for those who have one, lives as long as the browser tab.
 */
import { create } from './store';

export type AuthState = 'asking' | 'in' | 'out';

const storageKey = 'reroute.token';
const csrfHeader = 'x-csrf-token';

/** Proves to the server that a write comes from this page; told by `GET /me` under a session. */
let csrfToken: string | null = null;

export const authState = create<AuthState>('asking');

export const auth = {
  /** Headers of every request. */
  headers(): Record<string, string> {
    const token = sessionStorage.getItem(storageKey);
    if (token !== null) return { authorization: `Bearer ${token}` };
    return csrfToken === null ? {} : { [csrfHeader]: csrfToken };
  },
  /** Signed in by name or provider, not by a token. */
  hasSession: (): boolean => csrfToken !== null,
  keepToken(token: string): void {
    sessionStorage.setItem(storageKey, token);
  },
  /** The server knows who asks. */
  entered(me: { csrfToken?: string | null }): void {
    csrfToken = me.csrfToken ?? null;
    authState.set('in');
  },
  /** Nobody is signed in, or not any more. */
  left(): void {
    sessionStorage.removeItem(storageKey);
    csrfToken = null;
    authState.set('out');
  },
};
