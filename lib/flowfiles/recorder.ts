/** Writes down what was deployed: versions, the deployment, which versions a run executes, and the audit. */
import type { FlowDeployment, FlowVersionItem, FlowVersionSeed } from '../ledger/flows';
import { VersionConflictError } from '../model/errors';
import type { FlowServiceDeps } from './deps';
import { parseNodes } from './files';
import type { FlowNode } from './format';
import type { Finding } from './lint';
import type { OrderRequest } from './order';
import { changedFlows, planVersions } from './plan';
import { type FlowUnit, runVersions } from './units';

export interface RecordRequest {
  nodes: FlowNode[];
  units: FlowUnit[];
  order: OrderRequest;
  findings: readonly Finding[];
}

/** Another process may have written the same version between the look and the write. */
const tries = 3;

export class FlowRecorder {
  constructor(private readonly deps: Pick<FlowServiceDeps, 'ledger' | 'now' | 'newId'>) {}

  /** @returns undefined when nothing had changed */
  async record(request: RecordRequest): Promise<FlowDeployment | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.tryRecord(request);
      } catch (error) {
        if (!(error instanceof VersionConflictError) || attempt === tries) throw error;
      }
    }
  }

  private async tryRecord(request: RecordRequest): Promise<FlowDeployment | undefined> {
    const { units, order, findings } = request;
    const { ledger, now, newId } = this.deps;
    const current = await ledger.currentFlows();
    const former = await this.contentOf(current, changedFlows(current, units));
    const { author, message, source, watchMs, tests } = order;
    const at = now();
    const versions = planVersions(current, units, former, { author, message, source, at, findings, tests });
    await this.nameRunVersions(request, current, versions);
    if (versions.length === 0) return undefined;
    const before = new Map(current.map((item) => [item.flowId, item]));
    const deployment: FlowDeployment = {
      id: newId(),
      state: watchMs > 0 ? 'watching' : 'deployed',
      author,
      message,
      source,
      at,
      watchMs,
      ...(watchMs > 0 ? {} : { endedAt: at }),
      changes: Object.fromEntries(
        versions.map(({ flowId, version }) => {
          const was = before.get(flowId);
          return [flowId, { ...(was === undefined ? {} : { before: was.version }), after: version }];
        }),
      ),
    };
    await ledger.recordDeployment(deployment, versions);
    await this.audit(deployment, versions, before);
    return deployment;
  }

  private async contentOf(
    current: readonly FlowVersionItem[],
    flowIds: readonly string[],
  ): Promise<Map<string, FlowNode[]>> {
    const former = new Map<string, FlowNode[]>();
    for (const { flowId, version, removed } of current) {
      if (removed || !flowIds.includes(flowId)) continue;
      const file = await this.deps.ledger.flowFile(flowId, version);
      if (file?.content !== undefined) former.set(flowId, parseNodes(file.content));
    }
    return former;
  }

  /** A run records the hash of what it executes; here stands which versions of which flows that is. */
  private async nameRunVersions(
    { nodes, units, order }: RecordRequest,
    current: readonly FlowVersionItem[],
    versions: readonly FlowVersionSeed[],
  ): Promise<void> {
    const versionOf = new Map([...current, ...versions].map(({ flowId, version }) => [flowId, version]));
    const labels = new Map(units.map(({ id, label }) => [id, label]));
    await Promise.all(
      [...runVersions(nodes)].map(([flowId, { hash, uses }]) =>
        this.deps.ledger.saveFlowVersion({
          id: hash,
          flowId,
          label: labels.get(flowId) ?? flowId,
          content: { versions: Object.fromEntries(uses.map((id) => [id, versionOf.get(id) ?? ''])) },
          author: order.author,
          at: this.deps.now(),
        }),
      ),
    );
  }

  private async audit(
    { id, author, source, message }: FlowDeployment,
    versions: readonly FlowVersionSeed[],
    before: ReadonlyMap<string, FlowVersionItem>,
  ): Promise<void> {
    await this.deps.ledger.appendAudit(
      0,
      versions.map(({ flowId, version, contentHash, path, content }) => {
        const was = before.get(flowId);
        return {
          id: this.deps.newId(),
          at: this.deps.now(),
          actor: author,
          action: source.endsWith('rollback') ? 'flows.rollback' : 'flows.deploy',
          subject: `flow:${flowId}`,
          ...(message === '' ? {} : { reason: message }),
          ...(was === undefined ? {} : { before: { version: was.version, contentHash: was.contentHash } }),
          after: { version, contentHash, path, removed: content === undefined, deployment: id, source },
          outcome: 'done' as const,
        };
      }),
    );
  }

  async refused(order: OrderRequest, subjects: readonly string[], reason: string): Promise<void> {
    await this.deps.ledger.appendAudit(
      0,
      (subjects.length === 0 ? ['flows'] : subjects.map((id) => `flow:${id}`)).map((subject) => ({
        id: this.deps.newId(),
        at: this.deps.now(),
        actor: order.author,
        action: 'flows.deploy',
        subject,
        reason,
        outcome: 'refused' as const,
      })),
    );
  }
}
