/** The flow editor is entered under a session of its own, which its page finds where it keeps its own tokens. */
import { auth } from './auth';
import { post } from './client';

const editor = new URL('../editor/', document.baseURI);

/** https://nodered.org/docs/user-guide/editor/workspace/flows: a node's own address in the editor. */
export const editorNode = (id: string): string => `../editor/#node/${encodeURIComponent(id)}`;

/** Named after the path of the editor, as its own client names it. */
const storageKey = `auth-tokens${editor.pathname.replace(/\/$/, '').replaceAll('/', '-')}`;

/** @throws ApiError where the editor is closed to whoever is signed in */
export async function enterEditor(): Promise<void> {
  if (!auth.hasSession() || (await isOpen())) return;
  const { token } = await post<{ token: string }>('me/editor', {});
  localStorage.setItem(storageKey, JSON.stringify({ access_token: token }));
}

export const leaveEditor = (): void => localStorage.removeItem(storageKey);

async function isOpen(): Promise<boolean> {
  const token = keptToken();
  if (token === undefined) return false;
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(new URL('settings', editor), { headers })).ok;
}

function keptToken(): string | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    return kept !== null && typeof kept === 'object' && 'access_token' in kept
      ? String(kept.access_token)
      : undefined;
  } catch {
    return undefined;
  }
}
