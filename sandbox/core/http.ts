/** What a stand-in system sees of a request and says back. Handlers are synchronous and decide first; `work.commit` changes state. */

/** One request below a system's prefix. */
export interface Call {
  method: string;
  /** Path below the system's prefix, still percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined for an empty body. */
  body: unknown;
  /** Decoded path values by name. */
  params: Readonly<Record<string, string>>;
  /** `http://127.0.0.1:PORT/SYSTEM`, for links in answers. */
  base: string;
  /** Epoch milliseconds. */
  now: number;
}

export interface Answer {
  status: number;
  headers?: Record<string, string | string[]>;
  /** A string goes out as it is (set its content type), everything else as JSON. */
  body?: unknown;
}

/** A webhook that the work sends, when a receiver is configured for the partner. */
export interface Callback {
  partner: string;
  event: Record<string, unknown>;
}

/** The change of state that a request asks for. */
export interface Work {
  /** What is changed, e.g. `A_SalesOrder('4711')`. */
  target: string;
  /** The caller's own reference, where the interface has one and no idempotency key. */
  reference?: string | undefined;
  /** True when the state is already as asked: answered, but no effect. */
  unchanged?: boolean;
  commit(): void;
  callbacks?: readonly Callback[];
}

export interface Outcome extends Answer {
  work?: Work;
}

export interface Endpoint {
  operation: string;
  /** True when the interface deduplicates on `Idempotency-Key`. */
  keyed?: boolean;
  /** True when the body is a file, not JSON. */
  raw?: boolean;
  handle(call: Call): Outcome;
}

export interface Found {
  endpoint: Endpoint;
  params: Record<string, string>;
}

/** One stand-in system, mounted under `/<id>`. */
export interface System {
  id: string;
  /** True when every call needs `Authorization: Bearer ...`. */
  bearer: boolean;
  find(method: string, path: string): Found | undefined;
}

/** A refused request as the system words it. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.name = 'Refusal';
    this.answer = answer;
  }
}

/** RFC 9457 problem details with the `code` that callers read. */
export function problem(
  status: number,
  code: string,
  detail: string,
  extra: Record<string, unknown> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'about:blank',
      title: code.toLowerCase().replaceAll('_', ' '),
      status,
      detail,
      code,
      ...extra,
    },
  };
}

/** Throws a problem: for use inside handlers. */
export function refuse(status: number, code: string, detail: string, extra?: Record<string, unknown>): never {
  throw new Refusal(problem(status, code, detail, extra));
}

export type Route = Endpoint & { method: string; pattern: string };

/** A system from a table of routes; a pattern's `:name` takes one percent-encoded segment. */
export function systemOf(id: string, bearer: boolean, routes: readonly Route[]): System {
  const table = routes.map((route) => ({ route, parts: route.pattern.split('/') }));
  return {
    id,
    bearer,
    find(method, path) {
      const segments = path.split('/');
      for (const { route, parts } of table) {
        if (route.method !== method) continue;
        const params = matchParts(parts, segments);
        if (params) return { endpoint: route, params };
      }
      return undefined;
    },
  };
}

function matchParts(
  parts: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== segment) return undefined;
    } else if (segment === '') return undefined;
    else params[part.slice(1)] = decode(segment);
  }
  return params;
}

/** Percent-decoding that refuses what is not valid instead of throwing. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(400, 'INVALID', `the path value ${text} is not valid percent-encoding`);
  }
}
