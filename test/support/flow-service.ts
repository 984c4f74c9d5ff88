/** The flow service over a real ledger and a runtime that is a list of nodes: what deploys do without a Node-RED. */
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { FlowRuntime } from '../../lib/flowfiles/deps';
import { FlowsStaleError } from '../../lib/flowfiles/errors';
import type { FlowNode } from '../../lib/flowfiles/format';
import { coreTypes } from '../../lib/flowfiles/lint';
import { FlowOperations } from '../../lib/flowfiles/operations';
import type { DeployOrder } from '../../lib/flowfiles/order';
import { FlowService } from '../../lib/flowfiles/service';
import type { FlowTestRunner } from '../../lib/flowfiles/test-runner';
import type { Ledger } from '../../lib/ledger/port';

const ours = ['partner', 'exception-in', 'partner-in', 'wait', 'policy', 'erp', 'desk', 'verify'];

export class ListRuntime implements FlowRuntime {
  nodes: FlowNode[] = [];
  service: FlowService | undefined;
  readiness: { ok: boolean; detail?: string } = { ok: true };
  attempts = { ended: 0, failed: 0 };
  /** Whether flows that are deployed start. */
  starts = true;
  drains = 0;
  resumes = 0;
  released: string[] = [];
  waiting: { nodeId: string; waiting: number }[] = [];
  files = new Map<string, string>();

  types(): ReadonlySet<string> {
    return new Set([...coreTypes, ...ours.map((name) => `reroute-${name}`)]);
  }

  revOf(): string {
    return createHash('sha256').update(JSON.stringify(this.nodes)).digest('hex');
  }

  async current(): Promise<{ nodes: FlowNode[]; rev: string }> {
    return { nodes: structuredClone(this.nodes), rev: this.revOf() };
  }

  async apply(nodes: FlowNode[], rev: string, order: DeployOrder | { username: string }): Promise<void> {
    if (rev !== this.revOf()) throw new FlowsStaleError('what runs', [], { rev: this.revOf() });
    await this.service?.saving(nodes, this.files, order, async (paths) => {
      this.files = new Map(paths);
    });
    this.nodes = structuredClone(nodes);
    if (this.starts) await this.service?.flowsStarted();
  }

  async drain(): Promise<void> {
    this.drains += 1;
  }
  resume(): void {
    this.resumes += 1;
  }
  async ready() {
    return this.readiness;
  }
  attemptsOf() {
    return this.attempts;
  }
  async strandedAt(deployed: ReadonlySet<string>) {
    return this.waiting.filter(({ nodeId }) => !deployed.has(nodeId));
  }
  async releaseStranded(deployed: ReadonlySet<string>) {
    const gone = await this.strandedAt(deployed);
    this.released.push(...gone.map(({ nodeId }) => nodeId));
    return gone.reduce((sum, { waiting }) => sum + waiting, 0);
  }
}

export interface TestFlows {
  runtime: ListRuntime;
  service: FlowService;
  operations: FlowOperations;
}

export function openFlows(ledger: Ledger, tests?: FlowTestRunner): TestFlows {
  const runtime = new ListRuntime();
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const service = new FlowService({
    ledger,
    runtime,
    tests,
    actorOf: (username) => `token:${username}`,
    now: Date.now,
    newId: uuidv7,
    log: quiet,
    watchEveryMs: 5,
  });
  runtime.service = service;
  return { runtime, service, operations: new FlowOperations(service) };
}
