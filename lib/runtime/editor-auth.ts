/** The editor is guarded by the API's tokens: a role of `analyst` or `admin` may edit, everyone else is refused. */
import { permits } from '../gateway/roles';
import type { TokenStore } from '../gateway/tokens';

export interface EditorUser {
  username: string;
  permissions: string;
}

/** The audit's name of an editor user: the token that was signed in with. */
export function actorOf(username: string): string {
  return username === 'admin' ? 'token:bootstrap' : `token:${username}`;
}

/** A session outlives its token by this time at the most, seconds. */
const sessionSeconds = 12 * 3600;

/**
 * Node-RED's adminAuth. People sign in under the token's name (`admin` for the bootstrap token) with the token as the password; API clients
 * send the token as a bearer.
 */
export function editorAuth(tokens: TokenStore): Record<string, unknown> {
  const userOf = (token: string): EditorUser | null => {
    const caller = tokens.authenticate(token, Date.now());
    if (!caller || !permits(caller.role, 'analyst')) return null;
    const username = caller.actor === 'token:bootstrap' ? 'admin' : caller.actor.replace(/^token:/, '');
    return { username, permissions: '*' };
  };
  return {
    type: 'credentials',
    sessionExpiryTime: sessionSeconds,
    // Node-RED asks for the user of a session that `authenticate` has let in.
    users: async (username: string): Promise<EditorUser> => ({ username, permissions: '*' }),
    authenticate: async (username: string, password: string) => {
      const user = userOf(password);
      return user?.username === username ? user : null;
    },
    tokens: async (token: string) => userOf(token),
    default: async () => null,
  };
}
