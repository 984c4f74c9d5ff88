/**
 * Operations as data: `fixtures/operations/<operation>.<case>.json` in a connector's folder says what goes in, what must be sent to the
 * vendor, what the vendor answers after its documentation, and what the operation makes of it. An exchange is a request and its answer, or a mail
 * and its receipt.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CallContext, Connector, Operation } from '../../../lib/connectors/kit/connector';
import {
  HttpAmbiguousError,
  HttpNotSentError,
  type HttpRequest,
  type HttpResponse,
} from '../../../lib/connectors/kit/http';
import type { MailMessage, MailReceipt } from '../../../lib/connectors/kit/transport';
import { Tokens } from '../../../lib/engine/partners/tokens';
import { noFiles } from '../../../lib/engine/partners/transports';
import { FatalError, isRerouteError, RetryableError } from '../../../lib/model/errors';
import { connectorsDir } from './harness';

const json = z.record(z.string(), z.unknown()).or(z.array(z.unknown()));
const exchange = z.strictObject({
  request: z.strictObject({
    method: z.string(),
    /** Path and query, exactly. */
    path: z.string(),
    endpoint: z.string().optional(),
    /** Each named header must be sent; lower-case names. */
    headers: z.record(z.string(), z.string()).optional(),
    /** Parts that the sent JSON must hold. */
    json: json.optional(),
    /** The sent body, exactly. */
    text: z.string().optional(),
  }),
  response: z
    .strictObject({
      status: z.int(),
      headers: z.record(z.string(), z.string()).optional(),
      json: z.unknown().optional(),
      text: z.string().optional(),
    })
    .optional(),
  /** Instead of a response: the request never left, or no answer came. */
  error: z.enum(['not-sent', 'ambiguous']).optional(),
});
/** One message handed to the partner's mail server. */
const mailing = z.strictObject({
  /** Parts that the message must hold. */
  mail: json,
  receipt: z
    .strictObject({
      accepted: z.array(z.string()).default([]),
      rejected: z.array(z.string()).default([]),
      response: z.string(),
    })
    .optional(),
  /** Instead of a receipt: refused with 5xx, busy with 4xx, or the connection was lost after DATA. */
  error: z.enum(['refused', 'busy', 'not-sent', 'ambiguous']).optional(),
});
const fixtureSchema = z.strictObject({
  /** The vendor's page that request and answer follow. */
  provenance: z.string().min(10),
  operation: z.string(),
  call: z.enum(['send', 'lookUp']).default('send'),
  settings: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), z.array(z.string())).default({}),
  now: z.iso.datetime().default('2026-03-02T08:00:00Z'),
  input: z.unknown(),
  exchanges: z.array(z.union([exchange, mailing])),
  /** Parts of the result: `{ "outcome": ... }` of a send, `{ "found": ... }` of a look-up, `{ "throws": CODE }` (also `fate`, `retryAfterMs`) of either. */
  result: z.record(z.string(), z.unknown()),
});
export type OperationFixture = z.infer<typeof fixtureSchema> & { name: string };
type Exchange = z.infer<typeof exchange>;
type Mailing = z.infer<typeof mailing>;

export const exchangeKey = 'ab'.repeat(32);

export function operationFixturesOf(connector: Connector): OperationFixture[] {
  const folder = join(connectorsDir, connector.manifest.id, 'fixtures', 'operations');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const parsed = fixtureSchema.safeParse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      if (!parsed.success)
        throw new Error(`${connector.manifest.id} ${name}: ${z.prettifyError(parsed.error)}`);
      return { name: name.slice(0, -'.json'.length), ...parsed.data };
    });
}

/**
 * Runs the fixture; fails when another request is sent than the next one it names, or fewer than it names.
 * @param observe sees every request as it was sent
 */
export async function runExchange(
  connector: Connector,
  fixture: OperationFixture,
  observe: (request: HttpRequest) => void = () => {},
): Promise<void> {
  const operation = connector.operations.find(({ id }) => id === fixture.operation);
  assert.ok(operation, `there is no operation ${fixture.operation}`);
  const left = [...fixture.exchanges];
  const result = await resultOf(operation, fixture, scripted(left, connector, fixture, observe));
  assert.partialDeepStrictEqual(result, fixture.result);
  assert.deepEqual(
    left.map((one) => ('mail' in one ? 'a mail' : `${one.request.method} ${one.request.path}`)),
    [],
    'these requests were not sent',
  );
  checkOutput(operation, result);
}

async function resultOf(operation: Operation, fixture: OperationFixture, call: CallContext): Promise<object> {
  const input = operation.input.parse(fixture.input);
  assert.ok(operation.target(input).length > 0);
  try {
    if (fixture.call === 'send') return await operation.send(input, call);
    assert.ok(operation.lookUp, `${operation.id} has no look-up`);
    return await operation.lookUp(input, call);
  } catch (error) {
    if (isRerouteError(error))
      return { throws: error.code, fate: error.fate, retryAfterMs: error.retryAfterMs };
    throw error;
  }
}

/** What is answered fits the declared output, so that flows and forms can rely on it. */
function checkOutput(operation: Operation, result: object): void {
  const { outcome, found, output } = result as { outcome?: string; found?: boolean; output?: unknown };
  if (outcome === 'ok' || found === true)
    assert.equal(operation.output.safeParse(output).error, undefined, JSON.stringify(output));
}

function scripted(
  left: (Exchange | Mailing)[],
  connector: Connector,
  fixture: OperationFixture,
  observe: (request: HttpRequest) => void,
): CallContext {
  return {
    http: async (request) => {
      observe(request);
      return answerTo(request, left.shift());
    },
    files: noFiles,
    mail: { send: async (message) => receiptFor(message, left.shift()) },
    tokens: new Tokens(() => 0),
    secrets: (name) => fixture.secrets[name] ?? [],
    settings: connector.manifest.settings.parse(fixture.settings),
    idempotencyKey: exchangeKey,
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    effect: { sequence: 7, at: Date.parse(fixture.now) },
    now: Date.parse(fixture.now),
  };
}

function receiptFor(sent: MailMessage, expected: Exchange | Mailing | undefined): MailReceipt {
  assert.ok(expected !== undefined && 'mail' in expected, `nobody expects a mail "${sent.subject}"`);
  assert.partialDeepStrictEqual(plain(sent), expected.mail);
  if (expected.error === 'refused') throw new FatalError('SMTP_REFUSED', 'the script refuses the message');
  if (expected.error === 'busy') throw new RetryableError('SMTP_BUSY', 'the script is busy');
  if (expected.error === 'not-sent') throw new HttpNotSentError('the script refuses the connection');
  if (expected.receipt === undefined) throw new HttpAmbiguousError('the script does not answer');
  return expected.receipt;
}

function answerTo(sent: HttpRequest, expected: Exchange | Mailing | undefined): HttpResponse {
  assert.ok(expected !== undefined && 'request' in expected, `nobody expects ${sent.method} ${sent.path}`);
  const { request, response, error } = expected;
  assert.deepEqual([sent.method, sent.path, sent.endpoint], [request.method, request.path, request.endpoint]);
  const headers = Object.fromEntries(
    Object.entries(sent.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (request.headers !== undefined) assert.partialDeepStrictEqual(headers, request.headers);
  if (request.json !== undefined) assert.partialDeepStrictEqual(plain(sent.json), request.json);
  if (request.text !== undefined) assert.equal(textOf(sent.body), request.text);
  if (error === 'not-sent') throw new HttpNotSentError('the script refuses the connection');
  if (response === undefined) throw new HttpAmbiguousError('the script does not answer');
  const text = response.text ?? (response.json === undefined ? '' : JSON.stringify(response.json));
  return {
    status: response.status,
    headers: response.headers ?? {},
    body: Buffer.from(text),
    text: () => text,
    json: () => parsedJson(text),
  };
}

/** As it would leave: without undefined members. */
export const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

const textOf = (body: HttpRequest['body']) =>
  typeof body === 'string' || body === undefined ? body : Buffer.from(body).toString('utf8');

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
