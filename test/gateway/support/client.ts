/** Calls the REST API as a client would, and holds every answer against what the route table promises. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { problemDetails, problemMediaType } from '../../../lib/gateway/problems';
import type { Role } from '../../../lib/gateway/roles';
import { routes } from '../../../lib/gateway/routes';
import type { TestGateway } from './gateway';

export interface CallOptions {
  as?: Role | 'nobody';
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed body; tests look at it property by property. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asserts on
  json: any;
}

/** @param call `GET /cases?limit=2`, below `/api/v1` */
export async function ask(gateway: TestGateway, call: string, options: CallOptions = {}): Promise<Reply> {
  const [method = 'GET', path = ''] = call.split(' ', 2);
  const { as = 'admin', key = randomUUID() } = options;
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: {
      ...(as === 'nobody' ? {} : { authorization: `Bearer ${gateway.token(as)}` }),
      ...(method === 'POST' && key !== null ? { 'idempotency-key': key } : {}),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  });
  const text = await textOf(response);
  const json =
    /json/.test(response.headers.get('content-type') ?? '') &&
    !/ndjson/.test(response.headers.get('content-type') ?? '') &&
    text !== ''
      ? JSON.parse(text)
      : undefined;
  keepsPromise(method, path.split('?')[0] ?? '', response, json);
  return { status: response.status, headers: response.headers, text, json };
}

/** An event stream has no end: its head is what a call of the table promises. */
async function textOf(response: Response): Promise<string> {
  if (!/event-stream/.test(response.headers.get('content-type') ?? '')) return response.text();
  await response.body?.cancel();
  return '';
}

function keepsPromise(method: string, path: string, response: Response, json: unknown): void {
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  if (response.status >= 400) {
    assert.match(
      response.headers.get('content-type') ?? '',
      new RegExp(problemMediaType.replace('+', '\\+')),
    );
    assert.equal(problemDetails.parse(json).status, response.status);
    return;
  }
  const entry = routes.find(
    (item) =>
      item.method === method.toLowerCase() &&
      new RegExp(`^${item.path.replace(/:[a-z]+/g, '[^/]+')}$`).test(path),
  );
  assert.ok(entry, `${method} ${path} is in the route table`);
  assert.equal(response.status, entry.answer.status);
  if (!entry.answer.schema) return;
  const result = entry.answer.schema.safeParse(json);
  assert.ok(
    result.success,
    result.success ? '' : `${entry.id} answers what it does not promise: ${result.error.message}`,
  );
}
