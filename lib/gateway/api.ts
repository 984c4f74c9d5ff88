/** `/api/v1`: an Express application made of the route table. Order: who, how, what, once, then the work itself. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { z } from 'zod';
import { maskPersonal } from '../model/personal';
import { isLimited } from '../model/scope';
import { audit } from './audit';
import type { Caller, GatewayDeps } from './deps';
import { isWithinDepth, maxBodyDepth } from './depth';
import { problemOf } from './errors';
import { once, requireKey } from './idempotency';
import { Problem, problemBody, problemMediaType } from './problems';
import { outOfScope, Reach } from './reach';
import { permits, type Role } from './roles';
import type { Answer, Call, Route } from './route';
import { routes } from './routes';

/** Largest request body of the REST API, bytes. */
export const maxBodyBytes = 1024 * 1024;

const securityHeaders: Record<string, string> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function createApi(deps: GatewayDeps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use((_request, response, next) => {
    response.set(securityHeaders);
    next();
  });
  const router = express.Router({ caseSensitive: true });
  const jsonUpTo = (limit: number) => express.json({ limit, strict: true, inflate: false });
  const json = jsonUpTo(maxBodyBytes);
  for (const entry of routes) {
    const before: RequestHandler[] = [authenticate(deps, entry)];
    if (entry.method === 'post')
      before.push(requireJson, entry.maxBody === undefined ? json : jsonUpTo(entry.maxBody), refuseDeep);
    router[entry.method](entry.path, ...before, (request, response) => run(deps, entry, request, response));
  }
  for (const [path, methods] of methodsByPath()) {
    router.all(path, authenticate(deps), () => {
      throw new Problem(405, 'method-not-allowed', { headers: { allow: methods.join(', ') } });
    });
  }
  app.use('/api/v1', router);
  app.use(authenticate(deps), () => {
    throw new Problem(404, 'no-such-call', {
      detail: 'The API description at /api/v1/openapi.json lists every call.',
    });
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    answerProblem(deps, request, response, error);
  });
  return app;
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes)
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'get' ? ['GET', 'HEAD'] : ['POST'])]);
  return methods;
}

/** Who calls; `entry` is absent where nothing is called. @throws Problem 401, 403 */
function authenticate(deps: GatewayDeps, entry?: Route): RequestHandler {
  return async (request, response, next) => {
    if (entry?.role === 'open') return next();
    const caller = await deps.access.caller(request);
    if (!caller) {
      throw new Problem(401, 'unauthorized', {
        detail: 'Sign in, or send a bearer token: `reroute tokens create` makes one.',
        headers: { 'www-authenticate': 'Bearer realm="reroute"' },
      });
    }
    if (entry) {
      await demand(deps, entry, caller, entry.role as Role, request);
      if (entry.scope === undefined && isLimited(caller.scope))
        await refuseLimited(deps, entry, caller, request);
    }
    response.locals.caller = caller;
    next();
  };
}

/** A write, or a sensitive read, that the role forbids is audited. @throws Problem 403 */
async function demand(
  deps: GatewayDeps,
  entry: Route,
  caller: Caller,
  role: Role,
  request: Request,
): Promise<void> {
  if (permits(caller.role, role)) return;
  const detail = `This needs the role ${role}; the caller has ${caller.role}.`;
  await auditRefusal(deps, entry, caller, request, detail);
  throw new Problem(403, 'forbidden', { detail });
}

async function auditRefusal(
  deps: GatewayDeps,
  entry: Route,
  caller: Caller,
  request: Request,
  reason: string,
): Promise<void> {
  if (entry.method !== 'post' && !entry.sensitive) return;
  await audit(deps, {
    actor: caller.actor,
    action: `api.${entry.id}`,
    subject: `path:${pathOf(request)}`.slice(0, 300),
    reason,
    outcome: 'refused',
  });
}

/** What belongs to the whole house is for those who are not limited to a part of it. @throws Problem 403 */
async function refuseLimited(
  deps: GatewayDeps,
  entry: Route,
  caller: Caller,
  request: Request,
): Promise<never> {
  const detail = 'This concerns every region and partner; the caller is limited to some.';
  await auditRefusal(deps, entry, caller, request, detail);
  throw new Problem(403, outOfScope, { detail });
}

const requireJson: RequestHandler = (request, _response, next) => {
  const bodiless =
    request.headers['transfer-encoding'] === undefined &&
    Number(request.headers['content-length'] ?? 0) === 0;
  if (!bodiless && !request.is('application/json'))
    throw new Problem(415, 'unsupported-media-type', { detail: 'Send application/json.' });
  next();
};

const refuseDeep: RequestHandler = (request, _response, next) => {
  if (!isWithinDepth(request.body, maxBodyDepth))
    throw new Problem(400, 'too-deep', { detail: `A body is nested at most ${maxBodyDepth} levels deep.` });
  next();
};

async function run(deps: GatewayDeps, entry: Route, request: Request, response: Response): Promise<void> {
  const caller: Caller = response.locals.caller ?? { actor: 'anonymous', role: 'viewer' };
  const key =
    entry.method === 'post' && !entry.keyless ? requireKey(request.get('idempotency-key')) : undefined;
  const call: Call = {
    ...validate(entry, request),
    caller,
    deps,
    request,
    reach: new Reach(caller, deps),
  };
  if (entry.roleOf) await demand(deps, entry, caller, await entry.roleOf(call), request);
  const handle = (): Promise<Answer> => handled(call, entry, request);
  if (key === undefined) return send(response, await handle());
  const path = pathOf(request);
  const kept = await once(
    deps,
    { key, caller, what: [entry.method, path, request.body ?? null], instance: path },
    async () => {
      const answer = await handle();
      if (!('body' in answer)) throw new TypeError(`${entry.id} is a write, so its answer must be JSON`);
      return { status: answer.status, body: answer.body };
    },
  );
  if (kept.repeated) response.set('idempotency-replayed', 'true');
  sendJson(response, kept.status, kept.status >= 400 ? problemMediaType : 'application/json', kept.body);
}

/** Tags of what no partner has sent. */
const aboutTheHouse: ReadonlySet<string> = new Set(['access', 'description', 'flows', 'templates']);

/** Persons are masked for those who only look. What lies out of the caller's reach is audited where somebody tried to change or download it. */
async function handled(call: Call, entry: Route, request: Request): Promise<Answer> {
  try {
    const answer = await entry.handle(call);
    const seesPersons = permits(call.caller.role, 'operator') || aboutTheHouse.has(entry.tag);
    return seesPersons || !('body' in answer) ? answer : { ...answer, body: maskPersonal(answer.body) };
  } catch (error) {
    if (error instanceof Problem && error.code === outOfScope)
      await auditRefusal(call.deps, entry, call.caller, request, error.extras.detail ?? outOfScope);
    throw error;
  }
}

/** @throws Problem 400 with every mistake of params, query and body */
function validate(entry: Route, request: Request): Pick<Call, 'params' | 'query' | 'body'> {
  const errors: { at: string; message: string }[] = [];
  const check = (schema: z.ZodType | undefined, value: unknown, part: string): unknown => {
    if (!schema) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      errors.push({ at: pointer([part, ...issue.path]), message: issue.message });
    return undefined;
  };
  const params = check(entry.params, request.params, 'path');
  const query = check(entry.query, { ...request.query }, 'query');
  const body = check(entry.body, request.body ?? {}, 'body');
  if (errors.length > 0)
    throw new Problem(400, 'invalid', {
      detail: 'Some of what was sent does not fit; `errors` names each.',
      errors: errors.slice(0, 100),
    });
  return { params, query, body };
}

/** JSON Pointer (RFC 6901). */
function pointer(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

async function send(response: Response, answer: Answer): Promise<void> {
  response.status(answer.status).set(answer.headers ?? {});
  if ('body' in answer) return sendJson(response, answer.status, 'application/json', answer.body);
  response.set('content-type', answer.mediaType);
  if (answer.bytes instanceof Uint8Array) return void response.end(answer.bytes);
  await pipeline(Readable.from(answer.bytes), response).catch((error: unknown) => {
    if (!isHangUp(error)) throw error;
  });
}

/** Whoever asked is gone: that ends an event stream, and is nobody's mistake. */
function isHangUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Express would add a charset, which JSON has none of (RFC 8259). */
function sendJson(response: Response, status: number, mediaType: string, body: unknown): void {
  const text = JSON.stringify(body);
  response.status(status);
  response.setHeader('content-type', mediaType);
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

const pathOf = (request: Request): string => request.originalUrl.split('?', 1)[0] ?? '';

function answerProblem(deps: GatewayDeps, request: Request, response: Response, error: unknown): void {
  const problem = problemOf(error);
  if (problem.status >= 500)
    deps.log.error({ err: error, method: request.method, path: pathOf(request) }, 'a call failed');
  const body = problemBody(problem.status, problem.code, { ...problem.extras, instance: pathOf(request) });
  if (!request.complete) response.set('connection', 'close');
  response.set(problem.extras.headers ?? {});
  sendJson(response, problem.status, problemMediaType, body);
}
