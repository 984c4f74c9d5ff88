/** `/healthz`, `/readyz` and `/metrics`: for machines that watch. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLimited } from '../model/scope';
import type { GatewayDeps } from './deps';
import { sendProblem } from './problems';

export function isHealthPath(path: string): boolean {
  return path === '/healthz' || path === '/readyz' || path === '/metrics';
}

export function handleHealth(
  deps: GatewayDeps,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendProblem(response, 405, 'method-not-allowed', { headers: { allow: 'GET, HEAD' } });
    return;
  }
  if (path === '/healthz') {
    send(response, 200, 'application/json', '{"ok":true}');
    return;
  }
  const answered = path === '/readyz' ? ready(deps, response) : metrics(deps, request, response);
  answered.catch((error: unknown) => {
    deps.log.error({ err: error, path }, 'a health path could not answer');
    if (!response.headersSent) sendProblem(response, 503, 'unavailable');
  });
}

async function ready(deps: GatewayDeps, response: ServerResponse): Promise<void> {
  const readiness = await deps.ready();
  send(response, readiness.ok ? 200 : 503, 'application/json', JSON.stringify(readiness));
}

async function metrics(deps: GatewayDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLocal(request) && !(await isWatcher(deps, request))) {
    return sendProblem(response, 401, 'unauthorized', {
      detail: 'Metrics are open on loopback; from elsewhere they need a bearer token of any role.',
      headers: { 'www-authenticate': 'Bearer realm="reroute"' },
    });
  }
  send(response, 200, deps.metrics.contentType, await deps.metrics.metrics());
}

/** Metrics name every partner: nobody who is limited to some reads them. */
async function isWatcher(deps: GatewayDeps, request: IncomingMessage): Promise<boolean> {
  const caller = await deps.access.caller(request);
  return caller !== undefined && !isLimited(caller.scope);
}

/** Straight from this machine. What a proxy on it forwards comes from somewhere else and says so. */
function isLocal(request: IncomingMessage): boolean {
  const { headers } = request;
  if (
    headers.forwarded !== undefined ||
    headers['x-forwarded-for'] !== undefined ||
    headers.via !== undefined
  )
    return false;
  const address = request.socket.remoteAddress ?? '';
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

/** Reads `Authorization: Bearer ...` (RFC 6750) and looks its token up. */
export function bearerOf<T>(
  header: string | undefined,
  lookUp: (token: string) => T | undefined,
): T | undefined {
  const token = /^Bearer +([^\s]{1,500})$/i.exec(header ?? '')?.[1];
  return token === undefined ? undefined : lookUp(token);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
