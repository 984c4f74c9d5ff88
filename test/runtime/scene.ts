/** A whole Reroute as an operator starts it: one process, the repository's own flows, the sandbox partners inside it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFlowPath } from '../../lib/flowfiles/files';
import { type Running, root, startProcess, tempDir, waitUntil } from '../support';

export const adminToken = 'runtime-test-admin-token';

/** The compiled command; these tests run from the same build. */
export const command = join(__dirname, '..', '..', 'lib', 'cli', 'main.js');

/** The caller's environment without settings of Reroute that would leak into the test. */
export function environmentOf(folder: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(REROUTE_|DATABASE_URL|REDIS_URL|MQTT_URL|OTEL_|NODE_ENV|HOST$|PORT$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PORT: '0',
    REROUTE_DATA_DIR: join(folder, 'data'),
    REROUTE_FLOWS_DIR: join(folder, 'flows'),
    REROUTE_ADMIN_TOKEN: adminToken,
    LOG_LEVEL: 'error',
    // They take seconds of both cores with each deploy; the suite of flow files switches them on.
    REROUTE_FLOW_TESTS: 'off',
    ...more,
  };
}

/** A temporary folder with a copy of the flows that the repository ships. */
export function flowsFolder(name: string): string {
  const folder = tempDir(name);
  cpSync(join(root, 'flows'), join(folder, 'flows'), { recursive: true });
  return folder;
}

export type FlowNode = Record<string, unknown> & { id: string; type: string };

/** Changes nodes of a copied flows folder, as an analyst would in the editor. */
export function editFlows(folder: string, edit: (node: FlowNode) => FlowNode): void {
  const flows = join(folder, 'flows');
  for (const name of readdirSync(flows, { recursive: true, encoding: 'utf8' })) {
    if (!isFlowPath(name)) continue;
    const nodes = JSON.parse(readFileSync(join(flows, name), 'utf8')) as FlowNode[];
    writeFileSync(join(flows, name), JSON.stringify(nodes.map(edit), null, 2));
  }
}

/** A test does not wait an hour for what is not going to be shown. */
export function impatient(node: FlowNode): FlowNode {
  if (node.type !== 'reroute-verify') return node;
  return { ...node, every: '0.2', everyUnit: 'seconds', within: '0.5', withinUnit: 'seconds' };
}

/** The partner in another mode. */
export const inMode =
  (partner: string, mode: 'observe' | 'assist') =>
  (node: FlowNode): FlowNode =>
    node.id === `partner-${partner}` ? { ...node, mode } : node;

export interface CaseItem {
  id: string;
  code: string;
  state: string;
  subject: string;
  version: number;
  severity: string;
  identifiers: { orderNumber?: { value: string }[] };
  policy?: { outcome: string };
}

export interface BookEntry {
  seq: number;
  system: string;
  operation: string;
  target: string;
  reference: string | null;
  outcome: 'effect' | 'deduplicated' | 'unchanged';
  body: unknown;
}

export class Scene {
  private constructor(
    readonly running: Running,
    readonly url: string,
    readonly sandbox: string,
    readonly folder: string,
  ) {}

  /** Started, announced and ready. */
  static async start(
    name: string,
    edit?: (node: FlowNode) => FlowNode,
    env: Record<string, string> = {},
  ): Promise<Scene> {
    const folder = flowsFolder(name);
    if (edit) editFlows(folder, edit);
    return Scene.restart(folder, env);
  }

  /** On a folder that was run before. */
  static async restart(folder: string, env: Record<string, string> = {}): Promise<Scene> {
    const running = await startProcess(process.execPath, [command, 'start'], {
      env: environmentOf(folder, env),
      ready: /Try it:[\s\S]*curl/,
    });
    const printed = (label: string) => new RegExp(`${label} +(http://[^/\\s]+)`).exec(running.output())?.[1];
    const scene = new Scene(running, printed('editor') ?? '', printed('sandbox') ?? '', folder);
    await waitUntil(async () => (await fetch(`${scene.url}/readyz`)).ok, { what: 'readiness' });
    return scene;
  }

  /** @throws AssertionError when the answer is no 2xx */
  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${adminToken}` } });
    const text = await answer.text();
    assert.ok(answer.ok, `${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** @throws AssertionError when the answer is no 2xx */
  async post<T>(path: string, body: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${adminToken}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** Asks the sandbox itself, not Reroute. */
  async sandboxGet<T>(path: string): Promise<T> {
    const headers = { authorization: 'Bearer test', accept: 'application/json' };
    return (await (await fetch(`${this.sandbox}${path}`, { headers })).json()) as T;
  }

  async sandboxPut(path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${this.sandbox}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path} answered ${answer.status}: ${await answer.text()}`);
  }

  async book(): Promise<BookEntry[]> {
    return (await this.sandboxGet<{ items: BookEntry[] }>('/_book')).items;
  }

  async cases(): Promise<CaseItem[]> {
    return (await this.get<{ items: CaseItem[] }>('/api/v1/cases?limit=200')).items;
  }

  /** Number of runs by state, as /metrics tells it. */
  async runs(): Promise<Record<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Object.fromEntries(
      [...text.matchAll(/^reroute_runs\{state="(\w+)"\} (\d+)/gm)].map(([, state, count]) => [
        state,
        Number(count),
      ]),
    );
  }

  async until(condition: () => Promise<boolean>, what: string): Promise<void> {
    await waitUntil(condition, { what, timeoutMs: 20_000, everyMs: 50 });
  }

  /** No run is queued or running any more. */
  async drained(): Promise<void> {
    await waitUntil(
      async () => {
        const { queued = 0, running = 0 } = await this.runs();
        return queued + running === 0;
      },
      { what: 'the runs', timeoutMs: 20_000, everyMs: 50 },
    );
  }

  async stop(): Promise<void> {
    await this.running.stop('SIGTERM', 15_000);
  }
}
