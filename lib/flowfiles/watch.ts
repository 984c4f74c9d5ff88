/** Watches a deploy until it has proved its health, or takes it back. */
import type { FlowDeployment } from '../ledger/flows';
import type { FlowServiceDeps } from './deps';
import { type HealthSample, provedHealthy, unhealthyBecause } from './health';
import { runVersions } from './units';

/** Dead letters looked at; the burst limit is far below. */
const deadLetterPage = 200;

export interface WatchHooks {
  /** Puts the versions from before back. Rejects when that is refused. */
  takeBack(deployment: FlowDeployment, reason: string): Promise<void>;
  proved(deployment: FlowDeployment): Promise<void>;
}

export class DeployWatch {
  private timer: NodeJS.Timeout | undefined;
  private readonly samples: HealthSample[] = [];
  private readonly since: number;
  private looking: Promise<void> = Promise.resolve();
  private over = false;

  constructor(
    private readonly deps: FlowServiceDeps,
    readonly deployment: FlowDeployment,
    private readonly hooks: WatchHooks,
    /** Whether the flows have started since this watch began. */
    private readonly started: () => boolean,
  ) {
    this.since = deps.now();
  }

  start(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look());
    }, this.deps.watchEveryMs ?? 500);
    this.timer.unref();
  }

  /** Ends the watch without a verdict; a look under way is waited for. */
  async stop(): Promise<void> {
    this.over = true;
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    if (this.over) return;
    try {
      this.samples.push(await this.sample());
    } catch (error) {
      this.deps.log.warn(
        { err: error, deploymentId: this.deployment.id },
        'the health of a deploy could not be read',
      );
      return;
    }
    const reason = unhealthyBecause(this.samples);
    if (reason !== undefined) await this.fail(reason);
    else if (provedHealthy(this.samples, this.deployment.watchMs)) await this.prove();
  }

  private async sample(): Promise<HealthSample> {
    const { runtime, ledger, now } = this.deps;
    const versions = await this.runVersionsOfDeploy();
    const { ok, detail } = await runtime.ready();
    const letters = await ledger.deadLetters({ since: this.deployment.at }, { limit: deadLetterPage });
    const attempts = [...versions].map((version) => runtime.attemptsOf(version));
    return {
      elapsedMs: now() - this.since,
      flowsStarted: this.started(),
      ready: ok,
      ...(detail === undefined ? {} : { notReady: detail }),
      deadLetters: letters.items.filter(
        ({ flowVersion, reason }) => reason.code === 'NODE_GONE' || versions.has(flowVersion ?? ''),
      ).length,
      ended: attempts.reduce((sum, { ended }) => sum + ended, 0),
      failed: attempts.reduce((sum, { failed }) => sum + failed, 0),
    };
  }

  /** What runs record that execute something of this deploy. */
  private async runVersionsOfDeploy(): Promise<Set<string>> {
    const { nodes } = await this.deps.runtime.current();
    const changed = new Set(Object.keys(this.deployment.changes));
    return new Set(
      [...runVersions(nodes).values()]
        .filter(({ uses }) => uses.some((id) => changed.has(id)))
        .map(({ hash }) => hash),
    );
  }

  private async fail(reason: string): Promise<void> {
    this.end();
    const { id } = this.deployment;
    this.deps.log.warn({ deploymentId: id, reason }, 'a deploy is unhealthy and is taken back');
    const detail = { reason, seen: this.samples.at(-1) };
    try {
      await this.hooks.takeBack(this.deployment, reason);
      await this.close('rolled-back', detail);
    } catch (error) {
      this.deps.log.error({ err: error, deploymentId: id }, 'an unhealthy deploy could not be taken back');
      const why = error instanceof Error ? error.message : String(error);
      await this.close('failed', { ...detail, notTakenBack: why });
    }
  }

  private async prove(): Promise<void> {
    this.end();
    try {
      await this.hooks.proved(this.deployment);
      await this.close('healthy', { seen: this.samples.at(-1) });
    } catch (error) {
      this.deps.log.error(
        { err: error, deploymentId: this.deployment.id },
        'the end of a deploy was not recorded',
      );
    }
  }

  private end(): void {
    this.over = true;
    clearInterval(this.timer);
  }

  private async close(state: FlowDeployment['state'], detail: unknown): Promise<void> {
    await this.deps.ledger.setDeploymentState(this.deployment.id, ['watching'], {
      state,
      at: this.deps.now(),
      detail,
    });
  }
}
