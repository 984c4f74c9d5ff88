/**
 * Who is signed in, for the rest of the console: everything that knows of credentials stands here, so that another way of
 * signing in changes this file alone. The token lives as long as the browser tab.
 */
const storageKey = 'reroute.token';
const listeners = new Set<() => void>();

export const auth = {
  token(): string | null {
    return sessionStorage.getItem(storageKey);
  },
  signIn(token: string): void {
    sessionStorage.setItem(storageKey, token);
    tell();
  },
  signOut(): void {
    sessionStorage.removeItem(storageKey);
    tell();
  },
  /** Headers of every request. */
  headers(): Record<string, string> {
    const token = auth.token();
    return token === null ? {} : { authorization: `Bearer ${token}` };
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function tell(): void {
  for (const listener of listeners) listener();
}
