/** The editor is guarded by the API's tokens: a role of `analyst` or `admin` may edit, everyone else is refused. */
import { permits } from '../gateway/roles';
import type { TokenStore } from '../gateway/tokens';

export interface EditorUser {
  username: string;
  permissions: string;
}

/**
 * Node-RED's adminAuth. People sign in with any name and a token as the password; API clients send the token as a bearer. The name that
 * deploys are recorded under is the token's own.
 */
export function editorAuth(tokens: TokenStore): Record<string, unknown> {
  const userOf = (token: string): EditorUser | null => {
    const caller = tokens.authenticate(token, Date.now());
    if (!caller || !permits(caller.role, 'analyst')) return null;
    return { username: caller.actor, permissions: '*' };
  };
  return {
    type: 'credentials',
    // Node-RED asks again for the name of a session that it has signed in itself.
    users: async (username: string): Promise<EditorUser | null> =>
      username.startsWith('token:') ? { username, permissions: '*' } : null,
    authenticate: async (_username: string, password: string) => userOf(password),
    tokens: async (token: string) => userOf(token),
    default: async () => null,
  };
}
