/** What stands at `/console/` until the operators' console does: where to go instead. */
import type { ServerResponse } from 'node:http';
import { sendProblem } from './problems';

const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Reroute</title><meta name="viewport" content="width=device-width">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}code{background:#eee;padding:0 .2em}</style></head>
<body>
<h1>Reroute is running</h1>
<p>This version has no operator console. Cases, traces, dead letters and replays are reached through the REST API.</p>
<ul>
<li><a href="/editor/">Flow editor</a> (Node-RED)</li>
<li><a href="/api/v1/openapi.json">API description</a> (OpenAPI 3.1); calls need a bearer token</li>
<li><a href="/readyz">Readiness</a></li>
</ul>
<p>Partners deliver to <code>POST /in/&lt;partner&gt;</code>.</p>
</body>
</html>
`;

export function sendConsolePage(response: ServerResponse): void {
  const { method } = response.req;
  if (method !== 'GET' && method !== 'HEAD') {
    sendProblem(response, 405, 'method-not-allowed', { headers: { allow: 'GET, HEAD' } });
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
  response.end(method === 'HEAD' ? undefined : html);
}
