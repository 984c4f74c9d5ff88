/** The thread that owns a PostgreSQL connection: opens it when it is first needed, and anew after it was lost. */

import type { MessagePort } from 'node:worker_threads';
import { workerData } from 'node:worker_threads';
import { Client, DatabaseError, TypeOverrides } from 'pg';
import type { ConnectionOptions, Reply, Request } from './wire';

export interface ConnectionData {
  options: ConnectionOptions;
  port: MessagePort;
  /** Counts replies; the waiting thread sleeps on it. */
  replies: Int32Array;
}

/** Object ids of types: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const oid = { bool: 16, int8: 20, numeric: 1700 };

/** Integers as numbers (times and counts are below 2^53), truth as 1 or 0, as SQLite answers them. */
function types(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(oid.bool, (text: string) => (text === 't' ? 1 : 0));
  overrides.setTypeParser(oid.int8, Number);
  overrides.setTypeParser(oid.numeric, Number);
  return overrides;
}

let client: Client | undefined;

async function connected(options: ConnectionOptions): Promise<Client> {
  if (client) return client;
  const next = new Client({
    connectionString: options.url,
    application_name: 'reroute',
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.idleTransactionMs,
    keepAlive: true,
    types: types(),
  });
  const lost = (): void => {
    if (client === next) client = undefined;
  };
  next.on('error', lost);
  next.on('end', lost);
  await next.connect();
  // Durable commits, whatever the server's default is; the schema is found before anything of the same name.
  await next.query(`SET search_path TO "${options.schema}"; SET synchronous_commit TO on`);
  client = next;
  return next;
}

const names = new Map<string, string>();
/** Statements that the server keeps prepared: those of filters, which differ, soon fill the list, and go unprepared. */
const mostPrepared = 500;

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostPrepared) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

async function perform(
  options: ConnectionOptions,
  request: Exclude<Request, { kind: 'close' }>,
): Promise<Reply> {
  const on = await connected(options);
  if (request.kind === 'script') {
    await on.query(request.text);
    return { rows: [], count: 0, command: '' };
  }
  const name = nameOf(request.text);
  const { rows, rowCount, command } = await on.query<Record<string, unknown>>({
    text: request.text,
    values: request.values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)),
    ...(name === undefined ? {} : { name }),
  });
  return { rows, count: rowCount ?? 0, command };
}

async function answer(
  options: ConnectionOptions,
  request: Exclude<Request, { kind: 'close' }>,
): Promise<Reply> {
  try {
    return await perform(options, request);
  } catch (error) {
    const message = error instanceof Error ? error.message || error.name : String(error);
    return { message, code: error instanceof DatabaseError ? error.code : undefined };
  }
}

function serve({ options, port, replies }: ConnectionData): void {
  port.on('message', (request: Request) => {
    if (request.kind === 'close') {
      void client?.end().catch(() => undefined);
      port.close();
      return;
    }
    void answer(options, request).then((reply) => {
      port.postMessage(reply);
      Atomics.add(replies, 0, 1);
      Atomics.notify(replies, 0);
    });
  });
}

serve(workerData as ConnectionData);
