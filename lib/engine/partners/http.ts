/** The outbound HTTP port over undici: one keep-alive pool a partner, requests only below its endpoint. */
import { Agent } from 'undici';
import {
  HttpAmbiguousError,
  HttpNotSentError,
  type HttpPort,
  type HttpRequest,
  type HttpResponse,
} from '../../connectors/kit/http';
import { FatalError } from '../../model/errors';
import { ExchangeTimeout, exchange } from './exchange';
import { openTargets, type TargetPolicy } from './targets';
import { isTlsFailure, TlsAgents, type TlsIdentity } from './tls';

/** Failures that happen before a byte of the request has left. */
const notSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNABORTED',
]);

export interface PartnerHttp {
  port: HttpPort;
  close(): Promise<void>;
}

export interface PartnerHttpOptions {
  endpoint: string;
  /** Other base URLs of the partner by the name of the setting that holds them. */
  endpoints?: Readonly<Record<string, string>>;
  /** Connect to last byte, milliseconds. */
  timeoutMs: number;
  /** Largest answer in bytes. */
  maxResponseBytes: number;
  connections: number;
  /** Who we are on TLS connections, and whom we trust; the current identity first, read at every call. */
  identities?: () => readonly TlsIdentity[];
  targets?: TargetPolicy;
}

export function partnerHttp(options: PartnerHttpOptions): PartnerHttp {
  const { targets = openTargets } = options;
  const agents = new TlsAgents(
    (identity) =>
      new Agent({
        connections: options.connections,
        connect: { timeout: Math.min(options.timeoutMs, 10_000), lookup: targets.lookup, ...identity },
        keepAliveTimeout: 30_000,
      }),
  );
  const own = baseOf(options.endpoint);
  const others = new Map(Object.entries(options.endpoints ?? {}).map(([name, url]) => [name, baseOf(url)]));
  return {
    port: async (request) => {
      const at = request.endpoint === undefined ? own : others.get(request.endpoint);
      const url = target(at ?? baseOf(''), request.path);
      targets.checkHost(url.hostname);
      return agents.each(options.identities?.() ?? [], (agent) => call(agent, url, request, options));
    },
    close: () => agents.close(),
  };
}

/** The same port; each request carries the trace context of the call that it is part of. */
export function traced(port: HttpPort, traceparent: string): HttpPort {
  return (request) => port({ ...request, headers: { ...request.headers, traceparent } });
}

interface Base {
  base: string;
  origin: string;
}

function baseOf(endpoint: string): Base {
  const base = endpoint.replace(/\/+$/, '');
  return { base, origin: base === '' ? '' : new URL(base).origin };
}

/** @throws FatalError when the partner has no endpoint or the path would leave it */
function target({ base, origin }: Base, path: string): URL {
  if (base === '')
    throw new FatalError('NO_ENDPOINT', 'the partner has no http endpoint for this call', {
      hint: 'Fill in the endpoint of its partner node, or the setting that holds this URL.',
    });
  const url = path.startsWith('/') ? URL.parse(base + path) : null;
  if (url?.origin !== origin) {
    throw new FatalError(
      'FOREIGN_TARGET',
      `the path ${path.slice(0, 100)} leads away from the partner's endpoint`,
    );
  }
  return url;
}

async function call(
  agent: Agent,
  url: URL,
  request: HttpRequest,
  options: PartnerHttpOptions,
): Promise<HttpResponse> {
  const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
  if (request.json !== undefined) headers['content-type'] ??= 'application/json';
  const body = request.json === undefined ? request.body : JSON.stringify(request.json);
  const { origin } = url;
  const path = url.pathname + url.search;
  // MERGE is OData v2's partial update.
  const outgoing = { origin, path, method: request.method, headers, body: body ?? null };
  try {
    const answer = await exchange(agent, outgoing, options);
    return new Answer(answer.status, flatten(answer.headers), answer.body);
  } catch (error) {
    if (error instanceof FatalError) throw error;
    const text = `${request.method} ${request.path.split('?')[0]}: ${error instanceof Error ? error.message : String(error)}`;
    throw cannotHaveLeft(error) ? new HttpNotSentError(text, error) : new HttpAmbiguousError(text, error);
  }
}

function cannotHaveLeft(error: unknown): boolean {
  if (error instanceof ExchangeTimeout) return !error.started;
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  const known = code ?? cause?.code ?? '';
  return notSent.has(known) || isTlsFailure(known);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      flat[name.toLowerCase()] = Array.isArray(value)
        ? value.join(name === 'set-cookie' ? '\n' : ', ')
        : value;
  }
  return flat;
}

class Answer implements HttpResponse {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly body: Uint8Array,
  ) {}

  text(): string {
    return Buffer.from(this.body.buffer, this.body.byteOffset, this.body.byteLength).toString('utf8');
  }

  json(): unknown {
    if (this.body.byteLength === 0) return undefined;
    try {
      return JSON.parse(this.text());
    } catch {
      return undefined;
    }
  }
}
