/**
 * Keeps the flows of a runtime: every deploy, whichever way it comes, is checked, written down as versions and audited;
 * watched deploys prove their health or are taken back. Node-RED's storage asks it on every load and save.
 */
import type { FlowDeployment } from '../ledger/flows';
import type { FlowServiceDeps } from './deps';
import { diffFlows } from './diff';
import { FlowsRefusedError } from './errors';
import { parseNodes, readFlowFolder, writeFlowFolder } from './files';
import type { FlowNode } from './format';
import { type Finding, lintFlows } from './lint';
import { DeployOrder, editorOrder } from './order';
import { FlowRecorder } from './recorder';
import type { FlowKeeper } from './storage';
import type { FlowTestResult } from './test-runner';
import { type FlowUnit, pathsOf, unitsOf } from './units';
import { DeployWatch } from './watch';

const foundAtStart = { author: 'system', source: 'files', watchMs: 0, refuse: 'none' } as const;

export class FlowService implements FlowKeeper {
  readonly recorder: FlowRecorder;
  private watch: DeployWatch | undefined;
  /** A deploy whose watch was interrupted by a clean stop. */
  private interrupted: FlowDeployment | undefined;
  private starts = 0;
  /** Releases messages at removed nodes once the flows run: set by a deploy that nobody watches. */
  private releaseBy: string | undefined;
  private paths: ReadonlyMap<string, string> = new Map();
  /** Tests that follow a deploy from the editor. */
  private testing = new AbortController();
  private tests: Promise<void> = Promise.resolve();

  constructor(readonly deps: FlowServiceDeps) {
    this.recorder = new FlowRecorder(deps);
  }

  /** What runs, flow by flow. */
  async running(): Promise<{ units: FlowUnit[]; nodes: FlowNode[]; rev: string }> {
    const { nodes, rev } = await this.deps.runtime.current();
    return { units: unitsOf(nodes, this.paths), nodes, rev };
  }

  /** Of the flows as they would run together. */
  async findingsIn(nodes: FlowNode[]): Promise<Finding[]> {
    const guarded = (await this.deps.guard?.check(nodes)) ?? [];
    return [...lintFlows(nodes, this.deps.runtime.types()), ...guarded];
  }

  // --- Node-RED's storage ---

  async loaded(nodes: FlowNode[], paths: ReadonlyMap<string, string>): Promise<void> {
    this.paths = paths;
    const findings = await this.findingsIn(nodes);
    for (const { severity, message } of findings)
      if (severity === 'error')
        this.deps.log.warn({ finding: message }, 'a flow file does not pass the checks');
    const order = { ...foundAtStart, message: 'found in the flow files' };
    await this.recorder.record({ nodes, units: unitsOf(nodes, paths), order, findings });
  }

  async saving(
    nodes: FlowNode[],
    paths: ReadonlyMap<string, string>,
    by: unknown,
    write: (paths: ReadonlyMap<string, string>) => Promise<void>,
  ): Promise<void> {
    const order = by instanceof DeployOrder ? by : editorOrder(by, this.deps.actorOf);
    const known = new Map([...paths, ...(order.request.paths ?? [])]);
    const units = unitsOf(nodes, known);
    const findings = await this.findingsIn(nodes);
    await this.refuse(order, units, findings);
    const changed = await this.changedBy(units);
    await this.supersede(order);
    await this.deps.runtime.drain();
    try {
      order.recorded = await this.recorder.record({ nodes, units, order: order.request, findings });
      await write(known);
      this.paths = known;
      await this.deps.guard?.deployed(nodes);
    } catch (error) {
      this.deps.runtime.resume();
      throw error;
    }
    if (order.request.watchMs === 0) this.releaseBy = order.request.author;
    if (order.recorded && order.request.refuse === 'new')
      this.testLater(order.recorded.id, nodes, units, changed);
  }

  /** @throws FlowsRefusedError, after it has been audited */
  private async refuse(order: DeployOrder, units: FlowUnit[], findings: Finding[]): Promise<void> {
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (order.request.refuse === 'none' || errors.length === 0) return;
    const refusal = new FlowsRefusedError(
      order.request.refuse === 'all' ? errors : await this.newErrors(errors),
    );
    if (refusal.findings.length === 0) return;
    const named = new Set(units.map(({ id }) => id));
    const subjects = [...new Set(refusal.findings.map(({ flowId }) => flowId))].filter((id) => named.has(id));
    await this.recorder.refused(order.request, subjects, refusal.message);
    throw refusal;
  }

  /** What runs is as it is: nobody could mend it step by step if its errors refused every step. A secret is always refused. */
  private async newErrors(errors: Finding[]): Promise<Finding[]> {
    const { nodes } = await this.deps.runtime.current();
    const keyOf = ({ code, node, property }: Finding) => `${code} ${node} ${property}`;
    const standing = new Set((await this.findingsIn(nodes)).map(keyOf));
    return errors.filter((error) => error.code === 'SECRET_IN_FLOW' || !standing.has(keyOf(error)));
  }

  private async changedBy(units: FlowUnit[]): Promise<string[]> {
    const { units: running } = await this.running();
    return diffFlows(running, units)
      .filter(({ change }) => change !== 'removed')
      .map(({ flowId }) => flowId);
  }

  /** Tests of what changed, before a deploy that they may refuse. */
  async tested(nodes: FlowNode[], units: FlowUnit[]): Promise<FlowTestResult | undefined> {
    if (this.deps.tests === undefined) return undefined;
    const changed = await this.changedBy(units);
    return changed.length === 0 ? undefined : this.deps.tests.run({ nodes, changed, paths: pathsOf(units) });
  }

  /** Who draws does not wait for tests: they run after the deploy, and their results join its versions. */
  private testLater(deploymentId: string, nodes: FlowNode[], units: FlowUnit[], changed: string[]): void {
    this.testing.abort();
    this.testing = new AbortController();
    const { signal } = this.testing;
    if (this.deps.tests === undefined || changed.length === 0) return;
    this.tests = this.deps.tests
      .run({ nodes, changed, paths: pathsOf(units), signal })
      .then(async (result) => {
        if (result !== undefined) await this.deps.ledger.noteFlowTests(deploymentId, result);
      })
      .catch((error: unknown) => {
        if (!signal.aborted)
          this.deps.log.warn({ err: error, deploymentId }, 'the tests of a deploy could not be run');
      });
  }

  // --- watching ---

  /** Another deploy ends the watch of the one before: what is seen from now on is not its doing alone. */
  private async supersede(order: DeployOrder): Promise<void> {
    const { watch } = this;
    if (watch === undefined || order.request.source === 'auto-rollback') return;
    this.watch = undefined;
    await watch.stop();
    await this.deps.ledger.setDeploymentState(watch.deployment.id, ['watching'], {
      state: 'superseded',
      at: this.deps.now(),
      detail: { reason: `${order.request.author} deployed before the watch had ended` },
    });
  }

  watchOver(deployment: FlowDeployment, startsBefore: number): void {
    const hooks = {
      takeBack: (failed: FlowDeployment, reason: string) => this.takeBack(failed, reason),
      proved: async ({ author }: FlowDeployment) => this.release(author),
    };
    this.watch = new DeployWatch(this.deps, deployment, hooks, () => this.starts > startsBefore);
    this.watch.start();
  }

  get startCount(): number {
    return this.starts;
  }

  private async takeBack(deployment: FlowDeployment, reason: string): Promise<void> {
    const { nodes, units, rev } = await this.running();
    const former = await this.before(deployment, units);
    const order = new DeployOrder({
      ...{ author: 'system', source: 'auto-rollback', watchMs: 0, refuse: 'none' },
      message: `took back the deploy ${deployment.id}: ${reason}`,
      paths: new Map(former.map(({ id, path }) => [id, path])),
    });
    this.deps.log.info({ deploymentId: deployment.id, nodes: nodes.length }, 'taking back a deploy');
    await this.deps.runtime.apply(
      former.flatMap((unit) => unit.nodes),
      rev,
      order,
    );
  }

  /** The flows as they were before a deployment; what others changed since stays. */
  private async before({ changes }: FlowDeployment, units: readonly FlowUnit[]): Promise<FlowUnit[]> {
    const result = new Map(units.map((unit) => [unit.id, unit]));
    for (const [flowId, { before }] of Object.entries(changes)) {
      result.delete(flowId);
      const file = before === undefined ? undefined : await this.deps.ledger.flowFile(flowId, before);
      if (file?.content === undefined) continue;
      const nodes = parseNodes(file.content);
      const [unit] = unitsOf(nodes, new Map([[flowId, file.path]]));
      if (unit) result.set(flowId, unit);
    }
    return [...result.values()];
  }

  /** Messages at nodes that are gone become dead letters. */
  private async release(by: string): Promise<void> {
    const { nodes } = await this.deps.runtime.current();
    const released = await this.deps.runtime.releaseStranded(new Set(nodes.map(({ id }) => id)), by);
    if (released > 0)
      this.deps.log.warn(
        { messages: released },
        'messages waited at nodes that are not deployed any more: they are dead letters',
      );
  }

  // --- life of the process ---

  /**
   * Before Node-RED starts: a deploy whose watch ended with the process is taken back, in the files; one whose process was
   * stopped in order is watched again.
   */
  async recover(flowsDir: string): Promise<void> {
    for (const deployment of await this.deps.ledger.deploymentsIn('watching')) {
      if (stoppedInOrder(deployment)) {
        this.interrupted = deployment;
        continue;
      }
      const reason = 'the process ended while the health of the deploy was watched';
      const { nodes, paths } = await readFlowFolder(flowsDir);
      const former = await this.before(deployment, unitsOf(nodes, paths));
      const restored = former.flatMap((unit) => unit.nodes);
      const known = new Map([...paths, ...former.map(({ id, path }): [string, string] => [id, path])]);
      const order = {
        ...foundAtStart,
        source: 'auto-rollback' as const,
        message: `took back the deploy ${deployment.id}: ${reason}`,
      };
      await this.recorder.record({ nodes: restored, units: unitsOf(restored, known), order, findings: [] });
      await writeFlowFolder(flowsDir, restored, known);
      await this.deps.guard?.deployed(restored);
      await this.deps.ledger.setDeploymentState(deployment.id, ['watching'], {
        state: 'rolled-back',
        at: this.deps.now(),
        detail: { reason },
      });
      this.deps.log.warn({ deploymentId: deployment.id }, `${reason}; it was taken back`);
    }
  }

  /** Node-RED says that the flows run. */
  async flowsStarted(): Promise<void> {
    this.starts += 1;
    const { interrupted, releaseBy } = this;
    this.interrupted = undefined;
    this.releaseBy = undefined;
    if (interrupted !== undefined) {
      // From now on the end of the process counts again.
      await this.deps.ledger.setDeploymentState(interrupted.id, ['watching'], {
        state: 'watching',
        at: this.deps.now(),
        detail: { stopped: false },
      });
      this.watchOver(interrupted, this.starts - 1);
    }
    if (releaseBy !== undefined) await this.release(releaseBy);
  }

  /** A watch goes on when the process starts again. */
  async stop(): Promise<void> {
    this.testing.abort();
    await this.tests;
    const { watch } = this;
    this.watch = undefined;
    if (watch === undefined) return;
    await watch.stop();
    await this.deps.ledger.setDeploymentState(watch.deployment.id, ['watching'], {
      state: 'watching',
      at: this.deps.now(),
      detail: { stopped: true },
    });
  }
}

function stoppedInOrder({ detail }: FlowDeployment): boolean {
  return typeof detail === 'object' && detail !== null && 'stopped' in detail && detail.stopped === true;
}
