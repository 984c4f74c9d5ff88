/** A partner's API for the operations of the test connector: it keeps its own book of what was done, by idempotency key. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  key: string;
  /** Of a caller that is traced. */
  traceparent?: string;
}
/** `lost`: the work is done and no answer comes. `stuck`: no answer comes and nothing is done. `taken`: done, and only a 202 says so. */
export type Reaction = number | 'lost' | 'stuck' | 'taken';

export class PartnerServer {
  readonly seen: SeenRequest[] = [];
  /** What was done, by idempotency key: done twice under one key is done once. */
  readonly book = new Map<string, { path: string }>();
  /** Reactions to the next posts, first one first; 200 when there is none. */
  readonly next: Reaction[] = [];
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get posts(): SeenRequest[] {
    return this.seen.filter(({ method }) => method === 'POST');
  }

  /** Listens on a free port, or again on the one it had. */
  async open(): Promise<void> {
    const server = createServer((request, response) => this.handle(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url: path = '' } = request;
    const key = String(request.headers['idempotency-key'] ?? path.split('/').at(-1));
    const { traceparent } = request.headers;
    this.seen.push({ method, path, key, ...(typeof traceparent === 'string' ? { traceparent } : {}) });
    request.resume();
    if (method === 'GET') {
      const done = this.book.get(key);
      response.writeHead(done ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(done ?? {}));
      return;
    }
    const reaction = this.next.shift() ?? 200;
    if (reaction === 200 || reaction === 'lost' || reaction === 'taken') this.book.set(key, { path });
    if (reaction === 'lost' || reaction === 'stuck') return;
    response.writeHead(reaction === 'taken' ? 202 : reaction, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ done: path }));
  }
}
