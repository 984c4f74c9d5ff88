/** The plain page on which the first administrator is made, for a browser that has nothing else yet. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendProblem } from '../problems';
import { passwordLimits } from './passwords';

const script = `
const form = document.forms[0], note = document.getElementById('note');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const [code, name, password, again] = ['code', 'name', 'password', 'again'].map((id) => form.elements[id].value);
  if (password !== again) { note.textContent = 'The two passwords differ.'; return; }
  note.textContent = '';
  const answer = await fetch('../api/v1/setup', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code, name, password }),
  });
  if (answer.ok) { location.href = '../console/'; return; }
  const problem = await answer.json();
  note.textContent = (problem.errors || []).map((one) => one.message).concat(problem.detail || problem.title).join(' ');
});
`;
const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
label{display:block;margin:1rem 0 .2rem}input{width:100%;font:inherit;padding:.4rem;box-sizing:border-box}
button{margin-top:1.5rem;font:inherit;padding:.5rem 1rem}#note{color:#a40000;min-height:1.5em}`;

const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Set up Reroute</title><meta name="viewport" content="width=device-width">
<style>${style}</style></head><body><main>
<h1>Set up Reroute</h1>
<p>Nobody has an account yet. The code was printed where Reroute was started.</p>
<form>
<label for="code">Set-up code</label><input id="code" name="code" required autocomplete="one-time-code" spellcheck="false">
<label for="name">Your user name</label><input id="name" name="name" required autocomplete="username" spellcheck="false">
<label for="password">Password, at least ${passwordLimits.least} characters</label><input id="password" name="password" type="password" required minlength="${passwordLimits.least}" autocomplete="new-password">
<label for="again">The password again</label><input id="again" name="again" type="password" required autocomplete="new-password">
<button>Become the administrator</button><p id="note" role="alert"></p>
</form></main><script>${script}</script></body></html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = `default-src 'none'; connect-src 'self'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; form-action 'none'; frame-ancestors 'none'; base-uri 'none'`;

export function sendSetupPage(response: ServerResponse): void {
  const { method } = response.req;
  if (method !== 'GET' && method !== 'HEAD') {
    sendProblem(response, 405, 'method-not-allowed', { headers: { allow: 'GET, HEAD' } });
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(method === 'HEAD' ? undefined : html);
}
