/**
 * The editor is guarded by the API's roles: a person or token with the role `analyst` or `admin` may edit, everyone else is refused. Flows
 * belong to the whole house, so nobody who is limited to regions or partners gets in.
 */

import { callerOf } from '../gateway/access/sessions';
import { checkPassword, type SignInDeps } from '../gateway/access/sign-in';
import type { Caller } from '../gateway/deps';
import { Problem } from '../gateway/problems';
import { permits } from '../gateway/roles';
import type { TokenStore } from '../gateway/tokens';
import { isLimited } from '../model/scope';

export interface EditorUser {
  username: string;
  permissions: string;
}

/** The audit's name of who is signed in to the editor. */
export function actorOf(username: string): string {
  if (username === bootstrapName) return 'token:bootstrap';
  return username.startsWith(userPrefix) ? username : `token:${username}`;
}

export interface EditorAuthDeps extends SignInDeps {
  tokens: TokenStore;
}

/** A session outlives its token by this time at the most, seconds. */
const sessionSeconds = 12 * 3600;
const bootstrapName = 'admin';
const userPrefix = 'user:';

/**
 * Node-RED's adminAuth. People sign in with their name and password, or under a token's name (`admin` for the bootstrap token) with the
 * token as the password; API clients send the token as a bearer.
 */
export function editorAuth(deps: EditorAuthDeps): Record<string, unknown> {
  const byToken = (token: string): EditorUser | null =>
    editorUser(deps.tokens.authenticate(token, deps.now()));
  return {
    type: 'credentials',
    sessionExpiryTime: sessionSeconds,
    // Asked with every request of a session: rights that were taken away are gone at once.
    users: async (username: string) => editorUser(await standing(deps, username)),
    authenticate: async (username: string, password: string) => {
      const user = byToken(password);
      if (user) return user.username === username ? user : null;
      return byPassword(deps, username, password);
    },
    tokens: async (token: string) =>
      byToken(token) ?? editorUser(await deps.access.sessions.caller(token, deps.now())),
    default: async () => null,
  };
}

/** Who stands behind the name of a session: a user, or a token that is still in force. */
async function standing(deps: EditorAuthDeps, username: string): Promise<Caller | undefined> {
  if (!username.startsWith(userPrefix))
    return deps.tokens.byName(username === bootstrapName ? 'bootstrap' : username, deps.now());
  const user = await deps.ledger.userByName(username.slice(userPrefix.length));
  return user?.state === 'active' ? callerOf(user) : undefined;
}

async function byPassword(deps: EditorAuthDeps, name: string, password: string): Promise<EditorUser | null> {
  try {
    // Node-RED does not say from where: the name alone is throttled.
    return editorUser(callerOf(await checkPassword(deps, `editor of ${name}`, { name, password })));
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

function editorUser(caller: Caller | undefined): EditorUser | null {
  if (!caller || !permits(caller.role, 'analyst') || isLimited(caller.scope)) return null;
  const { actor } = caller;
  const username = actor === 'token:bootstrap' ? bootstrapName : actor.replace(/^token:/, '');
  return { username, permissions: '*' };
}
