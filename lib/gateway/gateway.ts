/** The one front door: which part of the process answers a path. What is none of ours goes to Node-RED. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { handleOidc } from './access/oidc-path';
import { sendSetupPage } from './access/setup-page';
import { createApi } from './api';
import { ConsoleFiles } from './console';
import type { GatewayDeps } from './deps';
import { handleHealth, isHealthPath } from './health';
import { Inbound, inboundPrefix } from './inbound';
import { ChangeHub } from './stream/hub';

export interface Gateway {
  handler(request: IncomingMessage, response: ServerResponse): void;
  /** Ends the event streams, which never end by themselves: a server that closes waits for nobody then. */
  endStreams(): void;
  /** Takes back what the gateway registered with the metrics; requests under way are answered. */
  close(): void;
}

/** Options for `http.createServer` under the gateway: small heads, bounded waits, in milliseconds and bytes. */
export const serverOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
} as const;

const consolePrefix = '/console/';
const apiPrefix = '/api/v1';

export function createGateway(given: Omit<GatewayDeps, 'hub'>): Gateway {
  const hub = new ChangeHub({
    ledger: given.ledger,
    log: given.log,
  });
  // The same object: whoever owns it may still change a part of it.
  const deps: GatewayDeps = Object.assign(given, { hub });
  const inbound = new Inbound(deps);
  const api = createApi(deps);
  const files = new ConsoleFiles(given.consoleDir);
  return {
    handler(request, response) {
      const url = request.url ?? '/';
      const mark = url.indexOf('?');
      const path = mark === -1 ? url : url.slice(0, mark);
      if (path.startsWith(inboundPrefix)) return inbound.handle(request, response, path);
      if (path === apiPrefix || path.startsWith(`${apiPrefix}/`)) return void api(request, response);
      if (isHealthPath(path)) return handleHealth(deps, request, response, path);
      if (path.startsWith(consolePrefix))
        return files.send(request, response, path.slice(consolePrefix.length));
      if (path === '/setup/') return sendSetupPage(response);
      if (deps.oidc && (path === deps.oidc.offer.path || path.startsWith(`${deps.oidc.offer.path}/`)))
        return void handleOidc(deps, deps.oidc, request, response, path);
      if (path === '/' || path === '/console') {
        response.writeHead(302, { location: '/console/', 'content-length': 0 });
        return void response.end();
      }
      deps.fallback(request, response);
    },
    endStreams() {
      hub.close();
    },
    close() {
      hub.close();
      inbound.close();
    },
  };
}
