/** What people and programs may do with flows, beside drawing them: list, compare, deploy, roll back, tag. */
import type { Stranded } from '../engine/stranded';
import type { FlowDeployment, FlowTag, FlowVersionItem, FlowVersionRecord } from '../ledger/flows';
import type { Page, PageRequest } from '../ledger/port';
import { FatalError } from '../model/errors';
import { diffFlows, diffNodes, type FlowDiff, type NodeChange } from './diff';
import { FlowsRefusedError, FlowsStaleError } from './errors';
import { parseNodes } from './files';
import { type FlowNode, literalSecrets } from './format';
import type { Finding } from './lint';
import { DeployOrder } from './order';
import { mergeFlows } from './plan';
import type { FlowService } from './service';
import type { FlowTestResult } from './test-runner';
import { type FlowUnit, pathsOf, unitsOf } from './units';

export interface BroughtFile {
  path: string;
  nodes: FlowNode[];
}

export interface DeployRequest {
  /** Of what the caller believes to run. */
  rev: string;
  files: BroughtFile[];
  /** Flows that are not among the files are removed. */
  replaceAll: boolean;
  message: string;
  author: string;
  source: 'api' | 'cli';
  watchMs: number;
}

/** What a deploy would do, or why it is refused. */
export interface DeployCheck {
  rev: string;
  diff: FlowDiff[];
  findings: Finding[];
  tests?: FlowTestResult;
  /** Messages that wait at nodes which would be gone. */
  stranded: Stranded[];
}

export interface RollbackRequest {
  flowId: string;
  /** The one before the latest when absent. */
  version?: string;
  /** What the caller believes to run. */
  expectedVersion: string;
  reason: string;
  author: string;
  watchMs: number;
}

export class FlowOperations {
  constructor(private readonly service: FlowService) {}

  private get deps() {
    return this.service.deps;
  }

  async list(): Promise<{ rev: string; items: (FlowVersionItem & { disabled: boolean })[] }> {
    const { rev, units } = await this.service.running();
    const off = new Set(units.filter(({ nodes }) => nodes[0]?.disabled === true).map(({ id }) => id));
    const current = await this.deps.ledger.currentFlows();
    const items = current.filter(({ removed }) => !removed);
    return { rev, items: items.map((item) => ({ ...item, disabled: off.has(item.flowId) })) };
  }

  /** What runs, file by file. */
  async files(): Promise<{ rev: string; files: BroughtFile[] }> {
    const { rev, units } = await this.service.running();
    return { rev, files: units.map(({ path, nodes }) => ({ path, nodes })) };
  }

  /** Every finding in what runs. */
  async findings(): Promise<Finding[]> {
    return this.service.findingsIn((await this.service.running()).nodes);
  }

  /** @returns undefined when there never was such a flow */
  async history(flowId: string, page: PageRequest): Promise<Page<FlowVersionItem> | undefined> {
    const found = await this.deps.ledger.flowHistory(flowId, page);
    return found.items.length === 0 && page.cursor === undefined ? undefined : found;
  }

  version(flowId: string, version: string): Promise<FlowVersionRecord | undefined> {
    return this.deps.ledger.flowFile(flowId, version);
  }

  /** @throws FatalError VERSION_UNKNOWN */
  async compare(flowId: string, from: string, to: string): Promise<NodeChange[]> {
    return diffNodes(await this.contentOf(flowId, from), await this.contentOf(flowId, to));
  }

  private async contentOf(flowId: string, version: string): Promise<FlowNode[]> {
    const file = await this.deps.ledger.flowFile(flowId, version);
    if (!file)
      throw new FatalError('VERSION_UNKNOWN', `the flow ${flowId} has no version ${version}`, {
        hint: 'Its history lists every version.',
      });
    return file.content === undefined ? [] : parseNodes(file.content);
  }

  // --- deploying ---

  /** @throws FlowsStaleError, FatalError BAD_FLOW_FILE */
  async check(request: Pick<DeployRequest, 'rev' | 'files' | 'replaceAll'>): Promise<DeployCheck> {
    return (await this.prepare(request)).check;
  }

  private async prepare(
    request: Pick<DeployRequest, 'rev' | 'files' | 'replaceAll'>,
  ): Promise<{ check: DeployCheck; units: FlowUnit[]; nodes: FlowNode[] }> {
    const { units: running, rev } = await this.service.running();
    const brought = unitsOfFiles(request.files);
    const units = mergeFlows(running, brought, request.replaceAll);
    const nodes = units.flatMap((unit) => unit.nodes);
    const findings = await this.service.findingsIn(nodes);
    // A literal secret is in no answer, not even as a difference.
    if (literalSecrets(nodes).length > 0) throw new FlowsRefusedError(findings);
    const diff = diffFlows(running, units);
    if (rev !== request.rev) throw new FlowsStaleError('what runs', diff, { rev });
    const tests = await this.service.tested(nodes, units);
    const stranded = await this.deps.runtime.strandedAt(new Set(nodes.map(({ id }) => id)));
    return {
      check: { rev, diff, findings, stranded, ...(tests === undefined ? {} : { tests }) },
      units,
      nodes,
    };
  }

  /**
   * @returns undefined when nothing differs from what runs
   * @throws FlowsStaleError, FlowsRefusedError, FatalError FLOW_TESTS_FAILED, BAD_FLOW_FILE
   */
  async deploy(request: DeployRequest): Promise<FlowDeployment | undefined> {
    const { check, units, nodes } = await this.prepare(request);
    if (check.diff.length === 0) return undefined;
    const { tests } = check;
    const order = new DeployOrder({
      author: request.author,
      message: request.message,
      source: request.source,
      watchMs: request.watchMs,
      refuse: 'all',
      paths: pathsOf(units),
      tests,
    });
    if (tests && tests.failed > 0) {
      const refusal = testsFailed(tests);
      await this.service.recorder.refused(
        order.request,
        check.diff.map(({ flowId }) => flowId),
        refusal.message,
      );
      throw refusal;
    }
    return this.apply(nodes, check.rev, order);
  }

  private async apply(
    nodes: FlowNode[],
    rev: string,
    order: DeployOrder,
  ): Promise<FlowDeployment | undefined> {
    const startsBefore = this.service.startCount;
    await this.deps.runtime.apply(nodes, rev, order);
    const { recorded } = order;
    if (recorded !== undefined && recorded.watchMs > 0) this.service.watchOver(recorded, startsBefore);
    return recorded;
  }

  deployment(id: string): Promise<FlowDeployment | undefined> {
    return this.deps.ledger.deployment(id);
  }

  /**
   * Puts an earlier version back, as a new one: history only grows.
   * @returns undefined when there never was such a flow, or when the version is what runs
   * @throws FlowsStaleError, FlowsRefusedError, FatalError VERSION_UNKNOWN, NOTHING_BEFORE
   */
  async rollback(request: RollbackRequest): Promise<FlowDeployment | undefined> {
    const { flowId, expectedVersion } = request;
    const latest = (await this.deps.ledger.flowHistory(flowId, { limit: 2 })).items;
    const [current, previous] = latest;
    if (current === undefined) return undefined;
    if (current.version !== expectedVersion)
      throw await this.staleVersion(flowId, expectedVersion, current.version);
    const version = request.version ?? previous?.version;
    if (version === undefined)
      throw new FatalError('NOTHING_BEFORE', `the flow ${flowId} has one version only: ${current.version}`, {
        hint: 'There is nothing to go back to.',
      });
    const content = await this.contentOf(flowId, version);
    const path = (await this.deps.ledger.flowFile(flowId, version))?.path ?? current.path;
    const { units, rev } = await this.service.running();
    const nodes = [...units.filter(({ id }) => id !== flowId).flatMap((unit) => unit.nodes), ...content];
    const order = new DeployOrder({
      author: request.author,
      message: `back to ${version}: ${request.reason}`,
      source: 'rollback',
      watchMs: request.watchMs,
      refuse: 'new',
      paths: new Map([[flowId, path]]),
    });
    return this.apply(nodes, rev, order);
  }

  private async staleVersion(flowId: string, expected: string, actual: string): Promise<FlowsStaleError> {
    const nodes = await this.compare(flowId, actual, expected).catch(() => []);
    const { label, path } = (await this.deps.ledger.flowFile(flowId, actual)) ?? { label: flowId, path: '' };
    const diff: FlowDiff[] = nodes.length === 0 ? [] : [{ flowId, label, path, change: 'changed', nodes }];
    return new FlowsStaleError(`another version of the flow ${flowId}`, diff, { version: actual });
  }

  // --- tags ---

  /** @throws FatalError TAG_TAKEN, VERSION_UNKNOWN */
  async tag(request: {
    name: string;
    message: string;
    author: string;
    flows?: readonly string[];
  }): Promise<FlowTag> {
    const { items } = await this.list();
    const named = request.flows ?? items.map(({ flowId }) => flowId);
    const missing = named.filter((id) => !items.some(({ flowId }) => flowId === id));
    if (missing.length > 0)
      throw new FatalError('VERSION_UNKNOWN', `no flow ${missing.join(', ')} is deployed`, {
        hint: 'The list of flows names their ids.',
      });
    const tag: FlowTag = {
      name: request.name,
      author: request.author,
      message: request.message,
      at: this.deps.now(),
      versions: Object.fromEntries(
        items.filter(({ flowId }) => named.includes(flowId)).map(({ flowId, version }) => [flowId, version]),
      ),
    };
    if (!(await this.deps.ledger.saveFlowTag(tag)))
      throw new FatalError('TAG_TAKEN', `the tag ${request.name} exists already, and tags never move`, {
        hint: 'Take another name.',
      });
    await this.deps.ledger.appendAudit(0, [
      {
        id: this.deps.newId(),
        at: tag.at,
        actor: tag.author,
        action: 'flows.tag',
        subject: `flow-tag:${tag.name}`,
        ...(tag.message === '' ? {} : { reason: tag.message }),
        after: { versions: tag.versions },
        outcome: 'done',
      },
    ]);
    return tag;
  }

  tags(page: PageRequest): Promise<Page<FlowTag>> {
    return this.deps.ledger.flowTags(page);
  }

  /** The tag with the files of its versions: what another runtime is given. */
  async tagged(name: string): Promise<{ tag: FlowTag; files: BroughtFile[] } | undefined> {
    const tag = await this.deps.ledger.flowTag(name);
    if (!tag) return undefined;
    const files: BroughtFile[] = [];
    for (const [flowId, version] of Object.entries(tag.versions)) {
      const file = await this.deps.ledger.flowFile(flowId, version);
      if (file?.content !== undefined) files.push({ path: file.path, nodes: parseNodes(file.content) });
    }
    return { tag, files };
  }
}

/** @throws FatalError BAD_FLOW_FILE when a flow stands in two of them */
export function unitsOfFiles(files: readonly BroughtFile[]): FlowUnit[] {
  const paths = new Map<string, string>();
  for (const { path, nodes } of files) {
    for (const { id, type } of nodes) {
      if (type !== 'tab' && type !== 'subflow') continue;
      const other = paths.get(id);
      if (other !== undefined)
        throw new FatalError('BAD_FLOW_FILE', `the flow ${id} stands in ${other} and in ${path}`, {
          hint: 'A flow has one file.',
        });
      paths.set(id, path);
    }
  }
  return unitsOf(
    files.flatMap(({ nodes }) => nodes),
    paths,
  );
}

/** What refuses a deploy whose tests do not pass. */
export function testsFailed({ failed, failures }: FlowTestResult): FatalError {
  const shown = failures.slice(0, 5).map(({ flowId, test, message }) => `${flowId}, ${test}: ${message}`);
  return new FatalError('FLOW_TESTS_FAILED', `not deployed: ${failed} flow tests fail: ${shown.join('; ')}`, {
    hint: 'Correct the flow or its test; `reroute flows test` runs them.',
  });
}
