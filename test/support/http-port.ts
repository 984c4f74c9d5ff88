/** An `HttpPort` over undici for tests, and a small real HTTP server to point it at. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import type { CallContext } from '../../lib/connectors/kit/connector';
import {
  HttpAmbiguousError,
  HttpNotSentError,
  type HttpPort,
  type HttpResponse,
} from '../../lib/connectors/kit/http';
import { Tokens } from '../../lib/engine/partners/tokens';
import { noFiles, noMail } from '../../lib/engine/partners/transports';

export interface TestPort {
  http: HttpPort;
  close(): Promise<void>;
}

/** Speaks to `base`; an answer that takes longer than `timeoutMs` is ambiguous, a refused connection was never sent. */
export function openHttpPort(base: string, timeoutMs = 2_000): TestPort {
  const dispatcher = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const http: HttpPort = async ({ method, path, headers = {}, body, json }) => {
    const typed = json === undefined ? headers : { 'content-type': 'application/json', ...headers };
    const content = json === undefined ? (body ?? null) : JSON.stringify(json);
    try {
      const answer = await request(base + path, {
        method: method as 'GET',
        headers: typed,
        body: content,
        dispatcher,
      });
      return responseOf(answer.statusCode, answer.headers, new Uint8Array(await answer.body.arrayBuffer()));
    } catch (error) {
      if ((error as { code?: string }).code === 'ECONNREFUSED') throw new HttpNotSentError('refused', error);
      throw new HttpAmbiguousError('no answer', error);
    }
  };
  return { http, close: () => dispatcher.destroy() };
}

function responseOf(
  status: number,
  raw: Record<string, string | string[] | undefined>,
  body: Uint8Array,
): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value !== undefined)
      headers[name] = Array.isArray(value) ? value.join(name === 'set-cookie' ? '\n' : ', ') : value;
  }
  const text = () => Buffer.from(body).toString('utf8');
  const json = (): unknown => {
    try {
      return JSON.parse(text());
    } catch {
      return undefined;
    }
  };
  return { status, headers, body, text, json };
}

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: Record<string, unknown>;
}

export interface Reply {
  status: number;
  headers?: Record<string, string | string[]>;
  json?: unknown;
}

/** `hang`: the work is done and no answer ever comes. */
export type Handler = (received: Received) => Reply | 'hang';

export interface TestPartner {
  base: string;
  /** Everything that came in, in order. */
  received: Received[];
  http: HttpPort;
  close(): Promise<void>;
}

/** A partner system on a free port of the loopback interface. */
export async function openPartner(handler: Handler, timeoutMs = 300): Promise<TestPartner> {
  const received: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then((message) => {
      received.push(message);
      reply(outgoing, handler(message));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const port = openHttpPort(base, timeoutMs);
  const close = async () => {
    await port.close();
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
  };
  return { base, received, http: port.http, close };
}

async function read(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(incoming.url ?? '/', 'http://partner');
  return {
    method: incoming.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: incoming.headers as Record<string, string | undefined>,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

function reply(outgoing: ServerResponse, answer: Reply | 'hang'): void {
  if (answer === 'hang') return;
  outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  outgoing.end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
}

/** A call of an operation against a test partner. */
export function callOf(
  http: HttpPort,
  options: {
    secrets?: Record<string, string[]>;
    settings?: Record<string, unknown>;
    key?: string;
    /** The effect's number. */
    sequence?: number;
  } = {},
): CallContext {
  const now = Date.parse('2026-03-02T08:00:00Z');
  return {
    http,
    files: noFiles,
    mail: noMail,
    tokens: new Tokens(() => 0),
    secrets: (name) => options.secrets?.[name] ?? ['secret'],
    settings: options.settings ?? {},
    idempotencyKey: options.key ?? 'ab'.repeat(32),
    correlationId: 'corr-1',
    effect: { sequence: options.sequence ?? 1, at: now },
    now,
  };
}

/** The one operation of that name. */
export function operationOf<T extends { id: string }>(operations: readonly T[], id: string): T {
  const found = operations.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}
