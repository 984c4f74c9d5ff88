/** The editor is guarded by the API's tokens: a role of `analyst` or above may edit, everyone else is refused. */
import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();

export interface EditorUser {
  username: string;
  permissions: string;
}

/** Node-RED's adminAuth: sign in as `admin` with the admin token; API clients send the token as a bearer. */
export function editorAuth(adminToken: string): Record<string, unknown> {
  const expected = digest(adminToken);
  const matches = (text: string) => timingSafeEqual(digest(text), expected);
  const admin: EditorUser = { username: 'admin', permissions: '*' };
  return {
    type: 'credentials',
    users: async (username: string) => (username === admin.username ? admin : null),
    authenticate: async (username: string, password: string) =>
      username === admin.username && matches(password) ? admin : null,
    tokens: async (token: string) => (matches(token) ? admin : null),
    default: async () => null,
  };
}
