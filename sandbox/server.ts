/**
 * The sandbox: stand-ins for ERP, warehouse, transport, storefront, service desk and carrier in one process, for tests and demonstrations.
 * State lives in memory and ends with the process. See README.md.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FatalError } from '../lib/model/errors';
import { adminSystem, bookSystem } from './admin';
import { Book } from './core/book';
import { Callbacks } from './core/callbacks';
import { Faults } from './core/faults';
import { type Answer, problem, Refusal, type System } from './core/http';
import { defaultSeed } from './core/masterdata';
import { type Ending, type Incoming, Pipeline } from './core/pipeline';
import { World } from './core/world';
import { createSystems, mounted } from './systems';

export interface SandboxOptions {
  /** 0 = a free one. */
  port: number;
  /** A loopback address; default 127.0.0.1. */
  host?: string;
  /** Same seed, same orders, stock and fault dice. */
  seed?: number;
  /** `YYYY-MM-DD` on which the world begins; default the current day in UTC. */
  today?: string;
}

export interface Sandbox {
  url: string;
  port: number;
  close(): Promise<void>;
}

const maxBodyBytes = 1_048_576;
const dayMs = 86_400_000;

/**
 * Starts the sandbox.
 * @throws FatalError in production and on an address that others can reach: it takes any password and does what it is told
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host = '127.0.0.1', seed = defaultSeed } = options;
  refuseExposure(host);
  const today = options.today
    ? Date.parse(`${options.today}T00:00:00Z`)
    : Math.floor(Date.now() / dayMs) * dayMs;
  if (Number.isNaN(today))
    throw new FatalError('SANDBOX_DATE', `${options.today} is not a day`, {
      hint: 'Write it as YYYY-MM-DD.',
    });
  const running = new Running(new World({ seed, today }), seed);
  return running.listen(port, host);
}

function refuseExposure(host: string): void {
  if (process.env.NODE_ENV === 'production')
    throw new FatalError('SANDBOX_IN_PRODUCTION', 'the sandbox does not start in production', {
      hint: 'Set REROUTE_SANDBOX=off, or NODE_ENV to something else.',
    });
  if (!['127.0.0.1', 'localhost', '::1'].includes(host))
    throw new FatalError('SANDBOX_EXPOSED', `the sandbox does not listen on ${host}`, {
      hint: 'Use 127.0.0.1: it has no real access control.',
    });
}

class Running {
  private readonly systems = new Map<string, System>();
  private readonly admin = new Map<string, System>();
  private readonly callbacks = new Callbacks();
  private readonly pipeline: Pipeline;
  private readonly adminPipeline: Pipeline;
  private readonly server: Server;
  private readonly timers = new Map<NodeJS.Timeout, () => void>();
  private url = '';

  constructor(world: World, seed: number) {
    const book = new Book();
    const faults = new Faults(seed);
    const systems = createSystems(world);
    const { callbacks } = this;
    const parts = { book, callbacks, wait: (ms: number) => this.wait(ms) };
    this.pipeline = new Pipeline({ ...parts, faults });
    // Faults never strike the admin interface: a test must be able to take them back.
    this.adminPipeline = new Pipeline({ ...parts, faults: new Faults(seed) });
    for (const system of mounted(systems)) this.systems.set(system.id, system);
    const adminParts = { world, systems, book, faults, callbacks };
    for (const system of [adminSystem(adminParts), bookSystem(adminParts)]) this.admin.set(system.id, system);
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async listen(port: number, host: string): Promise<Sandbox> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const bound = (this.server.address() as AddressInfo).port;
    this.url = `http://${host === '::1' ? '[::1]' : host}:${bound}`;
    return { url: this.url, port: bound, close: () => this.close() };
  }

  private async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    for (const [timer, resolve] of this.timers) {
      clearTimeout(timer);
      resolve();
    }
    this.timers.clear();
    await Promise.all([closed, this.callbacks.close()]);
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        resolve();
      }, ms);
      this.timers.set(timer, resolve);
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const [, id = '', rest = ''] = /^\/([^/?]*)(.*)$/s.exec(request.url ?? '/') ?? [];
      const admin = this.admin.get(id);
      const system = admin ?? this.systems.get(id);
      const incoming = await this.read(request, id, rest);
      const ending = system
        ? await (admin ? this.adminPipeline : this.pipeline).run(system, incoming)
        : answered(id === '' ? this.index() : problem(404, 'NOT_FOUND', `there is no system ${id} here`));
      this.end(ending, request, response);
    } catch (error) {
      if (error instanceof Refusal) send(error.answer, request, response);
      else if (request.destroyed && !request.complete) response.destroy();
      else send(problem(500, 'SANDBOX_ERROR', String(error)), request, response);
    }
  }

  private index(): Answer {
    return {
      status: 200,
      body: { name: 'reroute sandbox', systems: [...this.systems.keys()], admin: [...this.admin.keys()] },
    };
  }

  private async read(request: IncomingMessage, id: string, rest: string): Promise<Incoming> {
    const bodyText = await textOf(request);
    const [path = '', search = ''] = splitOnce(rest, '?');
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined) headers[name] = String(value);
    const parsed = parseBody(bodyText, headers['content-type'] ?? '');
    const base = `${this.url}/${id}`;
    return {
      method: request.method ?? 'GET',
      path,
      url: rest,
      query: new URLSearchParams(search),
      headers,
      bodyText,
      base,
      now: Date.now(),
      ...parsed,
    };
  }

  private end(ending: Ending, request: IncomingMessage, response: ServerResponse): void {
    if (ending.kind === 'answer') send(ending.answer, request, response);
    else if (ending.kind === 'reset') request.socket.resetAndDestroy();
    else if (ending.ms !== undefined) void this.wait(ending.ms).then(() => request.socket.destroy());
  }
}

function answered(answer: Answer): Ending {
  return { kind: 'answer', answer };
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBodyBytes)
      throw new Refusal(problem(413, 'TOO_LARGE', `a body has at most ${maxBodyBytes} bytes here`));
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Forms (OAuth token requests) become an object of text; everything else must be JSON. */
function parseBody(text: string, contentType: string): { body: unknown; unreadable: boolean } {
  if (text === '') return { body: undefined, unreadable: false };
  if (contentType.includes('x-www-form-urlencoded'))
    return { body: Object.fromEntries(new URLSearchParams(text)), unreadable: false };
  try {
    return { body: JSON.parse(text), unreadable: false };
  } catch {
    return { body: text, unreadable: true };
  }
}

function send(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  const { status, headers = {}, body } = answer;
  const text =
    body === undefined || status === 204 ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type =
    text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  response.writeHead(status, { ...type, ...headers });
  response.end(request.method === 'HEAD' ? undefined : text);
}
