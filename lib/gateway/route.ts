/** What a REST call is: one value that is routed, authorised, validated, executed and described from. */
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Caller, GatewayDeps } from './deps';
import type { Reach } from './reach';
import type { Role } from './roles';

export interface Call<P = unknown, Q = unknown, B = unknown> {
  params: P;
  query: Q;
  body: B;
  caller: Caller;
  /** What of it the caller may see. */
  reach: Reach;
  deps: GatewayDeps;
  request: IncomingMessage;
}

export type Answer =
  | { status: number; body: unknown; headers?: Record<string, string> }
  | {
      status: number;
      mediaType: string;
      bytes: Uint8Array | AsyncIterable<string>;
      headers?: Record<string, string>;
    };

export interface RouteAnswer {
  status: number;
  description: string;
  /** JSON of this schema, or another media type. */
  schema?: z.ZodType;
  mediaType?: string;
}

export interface Route {
  /** `operationId` of the API description. */
  id: string;
  method: 'get' | 'post';
  /** Below `/api/v1`; Express path syntax. */
  path: string;
  role: Role | 'open';
  tag: string;
  summary: string;
  description?: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answer: RouteAnswer;
  /** A read whose refusals are audited as those of writes are. */
  sensitive?: boolean;
  /** Largest body, bytes, where it is another than that of all calls. */
  maxBody?: number;
  /** Answers carry secrets or cookies: no idempotency key is asked for, and nothing of the answer is kept. */
  keyless?: boolean;
  /**
   * What becomes of a caller who is limited to regions or partners: the list shows their part, an item outside of it is not there
   * (a write to one is refused), or nothing here belongs to a region or partner. Without it such callers are refused.
   */
  scope?: 'filtered' | 'item' | 'free';
  /** Refusals beyond those that every call shares. */
  refusals?: readonly number[];
  /** The role that this very request asks for, where it depends on its content. */
  roleOf?(call: Call): Role | Promise<Role>;
  handle(call: Call): Promise<Answer>;
}

type Shape = z.ZodType | undefined;
type Parsed<T extends Shape> = T extends z.ZodType ? z.output<T> : undefined;
type TypedCall<P extends Shape, Q extends Shape, B extends Shape> = Call<Parsed<P>, Parsed<Q>, Parsed<B>>;

interface RouteDefinition<P extends Shape, Q extends Shape, B extends Shape>
  extends Omit<Route, 'params' | 'query' | 'body' | 'handle' | 'roleOf'> {
  params?: P;
  query?: Q;
  body?: B;
  roleOf?(call: TypedCall<P, Q, B>): Role | Promise<Role>;
  handle(call: TypedCall<P, Q, B>): Promise<Answer>;
}

/** Keeps the types of one call while it is written, then forgets them for the table: the router validates before it calls. */
export function route<P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined>(
  definition: RouteDefinition<P, Q, B>,
): Route {
  return definition as unknown as Route;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}
