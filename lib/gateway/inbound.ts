/**
 * `POST /in/:partner`: the path of every delivery. A bare handler with no framework between: look the partner up, read the
 * bytes, hand them to the intake and say what became of them. The answer is sent after the commit, never before.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Counter, type Registry } from 'prom-client';
import { answerAndClose, type BodyBudget, type BodyResult, readBody } from './body';
import type { GatewayLimits, GatewayLogger, IntakeAnswer, IntakePort } from './deps';
import { receiptFor } from './mdn';
import { type ProblemExtras, problemBody, problemMediaType, sendProblem } from './problems';

export interface InboundDeps {
  intake: IntakePort;
  log: GatewayLogger;
  metrics: Registry;
  limits?: GatewayLimits;
}

export const inboundPrefix = '/in/';
/** Lower case letters, digits and hyphens, as a partner is named in its node. */
const partnerName = /^[a-z0-9][a-z0-9-]{0,62}$/;
const defaults = { bodyTimeoutMs: 15_000, bodiesInMemory: 128 * 1024 * 1024 };

const deliveriesMetric = 'reroute_inbound_deliveries_total';

type Result = IntakeAnswer['kind'] | 'method' | 'timeout' | 'crowded' | 'gone' | 'error';

export class Inbound {
  private readonly budget: BodyBudget;
  private readonly timeoutMs: number;
  private readonly deliveries: Counter<'partner' | 'result'>;
  /** Counters by partner and result: looking a label pair up costs more than counting. */
  private readonly counters = new Map<string, Counter.Internal>();

  constructor(private readonly deps: InboundDeps) {
    this.budget = { held: 0, limit: deps.limits?.bodiesInMemory ?? defaults.bodiesInMemory };
    this.timeoutMs = deps.limits?.bodyTimeoutMs ?? defaults.bodyTimeoutMs;
    this.deliveries = new Counter({
      name: deliveriesMetric,
      help: 'Deliveries to /in/:partner by what became of them',
      labelNames: ['partner', 'result'],
      registers: [deps.metrics],
    });
  }

  /** `path` is the request's path without its query. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): void {
    const partner = path.slice(inboundPrefix.length);
    if (request.method !== 'POST') {
      this.count('', 'method');
      const detail = 'Deliveries are sent with POST.';
      this.refuseUnread(request, response, 405, 'method-not-allowed', { headers: { allow: 'POST' }, detail });
      return;
    }
    const maxBytes = partnerName.test(partner) ? this.deps.intake.maxBody(partner) : undefined;
    if (maxBytes === undefined) {
      this.count('', 'unknown-partner');
      this.refuseUnread(request, response, 404, 'unknown-partner', { detail: unknownPartner });
      return;
    }
    readBody(request, { maxBytes, timeoutMs: this.timeoutMs, budget: this.budget }, (result) => {
      if (result.kind === 'read') void this.deliver(partner, request, response, result.body);
      else this.refuseBody(partner, request, response, result, maxBytes);
    });
  }

  close(): void {
    this.deps.metrics.removeSingleMetric(deliveriesMetric);
  }

  private async deliver(
    partner: string,
    request: IncomingMessage,
    response: ServerResponse,
    body: Uint8Array,
  ): Promise<void> {
    try {
      const query = queryOf(request.url);
      const headers = flatHeaders(request.headers);
      const answer = await this.deps.intake.accept(partner, { headers, body, ...query });
      this.count(partner, answer.kind);
      const receipt = 'id' in answer ? receiptFor(headers, body, answer) : undefined;
      if (receipt) send(response, 200, receipt.headers, receipt.body);
      else this.answer(partner, response, answer);
    } catch (error) {
      this.count(partner, 'error');
      this.deps.log.error({ err: error, partner }, 'a delivery could not be taken in');
      if (!response.headersSent) sendProblem(response, 503, 'unavailable', unavailable);
    } finally {
      this.budget.held -= body.byteLength;
    }
  }

  private answer(partner: string, response: ServerResponse, answer: IntakeAnswer): void {
    if (answer.kind === 'unauthorized' || answer.kind === 'unavailable') {
      this.deps.log.warn({ partner, reason: answer.reason }, `a delivery was refused: ${answer.kind}`);
    }
    const reply = replyTo(partner, answer);
    if ('value' in reply) sendJson(response, reply.status, reply.value);
    else sendProblem(response, reply.status, reply.code, reply.extras);
  }

  private refuseBody(
    partner: string,
    request: IncomingMessage,
    response: ServerResponse,
    result: Exclude<BodyResult, { kind: 'read' }>,
    maxBytes: number,
  ): void {
    this.count(partner, result.kind);
    if (result.kind === 'gone') {
      response.destroy();
      return;
    }
    const refusal = {
      'too-large': { status: 413, code: 'too-large', extras: { detail: tooLarge(maxBytes) } },
      timeout: {
        status: 408,
        code: 'timeout',
        extras: { detail: `The body took longer than ${this.timeoutMs} ms.` },
      },
      crowded: {
        status: 429,
        code: 'limited',
        extras: { detail: 'Too many deliveries are under way.', headers: retryAfter(1_000) },
      },
    }[result.kind];
    this.refuseUnread(request, response, refusal.status, refusal.code, refusal.extras);
  }

  /** A refusal before the body was read: a small one is thrown away, and the connection is closed when there is more. */
  private refuseUnread(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    code: string,
    extras: ProblemExtras,
  ): void {
    const bodiless =
      request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined;
    if (bodiless || request.complete) {
      sendProblem(response, status, code, extras);
      return;
    }
    const body = JSON.stringify(problemBody(status, code, extras));
    const write = (): void => {
      response.writeHead(status, {
        'content-type': problemMediaType,
        'content-length': Buffer.byteLength(body),
        connection: 'close',
        ...extras.headers,
      });
      if (request.method !== 'HEAD') response.write(body);
      else response.flushHeaders();
    };
    answerAndClose(request, write, () => response.end());
  }

  private count(partner: string, result: Result): void {
    const key = `${partner}/${result}`;
    let counter = this.counters.get(key);
    if (!counter) {
      counter = this.deliveries.labels(partner, result);
      this.counters.set(key, counter);
    }
    counter.inc();
  }
}

const unknownPartner = 'No partner has this name. Names are lower case letters, digits and hyphens.';
const tooLarge = (limit: number): string => `The partner's limit is ${limit} bytes.`;
const retryAfter = (ms: number): Record<string, string> => ({
  'retry-after': String(Math.max(1, Math.ceil(ms / 1000))),
});
const unavailable: ProblemExtras = {
  detail: 'The delivery could not be made durable. Send it again.',
  headers: { 'retry-after': '5' },
};

type Reply = { status: number; value: object } | { status: number; code: string; extras: ProblemExtras };

/** The inbound table of the public contract, row by row. */
function replyTo(partner: string, answer: IntakeAnswer): Reply {
  switch (answer.kind) {
    case 'accepted':
      return {
        status: 202,
        value: { id: answer.id, duplicate: false, correlationId: answer.correlationId },
      };
    case 'duplicate':
      return { status: 200, value: { id: answer.id, duplicate: true, correlationId: answer.correlationId } };
    case 'conflict':
      return {
        status: 202,
        value: { id: answer.id, duplicate: false, conflict: true, firstId: answer.firstId },
      };
    case 'unauthorized':
      return { status: 401, code: 'unauthorized', extras: badSignature(partner) };
    case 'unknown-partner':
      return { status: 404, code: 'unknown-partner', extras: { detail: unknownPartner } };
    case 'too-large':
      return { status: 413, code: 'too-large', extras: { detail: tooLarge(answer.limitBytes) } };
    case 'limited':
      return {
        status: 429,
        code: 'limited',
        extras: { detail: limited, headers: retryAfter(answer.retryAfterMs) },
      };
    case 'unavailable':
      return { status: 503, code: 'unavailable', extras: unavailable };
  }
}

const limited = 'Send it again after the time in Retry-After.';
const badSignature = (partner: string): ProblemExtras => ({
  detail: 'The signature or token of the delivery is missing or wrong.',
  headers: { 'www-authenticate': `Signature realm="${partner}"` },
});

function sendJson(response: ServerResponse, status: number, value: object): void {
  send(response, status, { 'content-type': 'application/json' }, JSON.stringify(value));
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function queryOf(url = ''): { query?: string } {
  const at = url.indexOf('?');
  return at < 0 ? {} : { query: url.slice(at + 1) };
}

/** Node joins repeated headers by itself but for `set-cookie`, which no sender has a reason to send. */
function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
