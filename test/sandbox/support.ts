/** A running sandbox and short ways to call it. */
import { type Sandbox, startSandbox } from '../../sandbox/server';

/** JSON as `JSON.parse` types it: tests look into answers of many shapes and assert what they find. */
export type Loose = ReturnType<JSON['parse']>;

export interface Reply {
  status: number;
  headers: Headers;
  body: Loose;
}

export class Client {
  constructor(readonly url: string) {}

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer t',
        accept: 'application/json',
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  get(path: string, headers?: Record<string, string>): Promise<Reply> {
    return this.call('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, key?: string): Promise<Reply> {
    return this.call('POST', path, body, key === undefined ? {} : { 'idempotency-key': key });
  }

  put(path: string, body: unknown): Promise<Reply> {
    return this.call('PUT', path, body);
  }

  async summary(): Promise<Reply['body']> {
    return (await this.get('/_book/summary')).body;
  }
}

/** Starts a sandbox for a suite and closes it after; `client()` and `fresh()` inside its tests. */
export function withSandbox(): () => Client {
  let sandbox: Sandbox | undefined;
  let client = new Client('');
  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0, seed: 7, today: '2026-03-02' });
    client = new Client(sandbox.url);
  });
  afterEach(async () => {
    await sandbox?.close();
  });
  return () => client;
}
