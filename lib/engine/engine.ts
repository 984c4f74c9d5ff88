/** The engine: puts intake, runs, effects, facts, cases, waits and replays together behind what nodes and the gateway ask for. */
import { partitionOf } from '../model/keys';
import type { PartnerStatus } from './api';
import { CaseService } from './cases/service';
import { CaseSteps } from './cases/steps';
import type { EngineDeps } from './deps';
import { Compensation } from './effects/compensate';
import { Effects } from './effects/perform';
import { caseRun } from './facts/plan';
import { Recorder } from './facts/record';
import { Intake } from './intake';
import { NodeCalls } from './node-calls';
import { type Partner, PartnerRegistry } from './partners/registry';
import { SecretStore } from './partners/secrets';
import { Fetcher } from './polling/fetcher';
import { taskOf } from './polling/tasks';
import { Replays } from './replays';
import type { ActiveRun, PreviewSink } from './runs/active-run';
import { attachHooks, type Hooks } from './runs/hooks';
import { previewRecord } from './runs/preview';
import { Runner } from './runs/runner';
import { Scheduler } from './runs/scheduler';
import { type ReplayInput, RunStarter } from './runs/starter';
import { RunTracker } from './runs/tracker';
import { Sources } from './sources';
import { Waits } from './waits';

export class Engine extends NodeCalls {
  readonly partners: PartnerRegistry;
  readonly intake: Intake;
  readonly cases: CaseService;
  readonly replays: Replays;
  readonly waits: Waits;
  protected readonly sources = new Sources();
  protected readonly tracker: RunTracker;
  protected readonly runner: Runner;
  private readonly scheduler: Scheduler;
  private readonly starter: RunStarter;
  protected readonly effects: Effects;
  protected readonly compensation: Compensation;
  protected readonly recorder: Recorder;
  protected readonly steps: CaseSteps;
  private readonly fetcher: Fetcher;
  private started = false;
  /** How often flows were about to stop. */
  private stops = 0;

  constructor(protected readonly deps: EngineDeps) {
    super();
    const { ledger, dispatch, limits, now, log } = deps;
    this.tracker = new RunTracker(
      limits,
      now,
      (run) => this.runner.settle(run),
      (run) => this.runner.revive(run),
    );
    this.runner = new Runner(deps, this.tracker, {
      begin: (run) => void this.starter.start(run),
      ended: (run, state) => this.ended(run, state),
    });
    this.scheduler = new Scheduler(
      ledger,
      dispatch,
      limits,
      now,
      {
        start: (record, lease) => void this.runner.begin(record, lease),
        active: () => this.runner.active,
        abandon: (partitions) => this.runner.abandon(partitions),
      },
      log,
    );
    this.starter = new RunStarter(deps, this.sources, this.tracker);
    this.partners = new PartnerRegistry(
      deps.connectors,
      new SecretStore(deps.environment),
      limits,
      ledger,
      now,
      deps.targets,
    );
    this.intake = new Intake(
      deps,
      this.partners,
      this.scheduler,
      (record, lease, reading) => void this.runner.begin(record, lease, { reading }),
      (partnerId) => this.sources.forPartner(partnerId).length > 0,
    );
    this.fetcher = new Fetcher(deps, {
      partners: () => this.partners.all(),
      taskOf: (partner) => taskOf(deps, partner, (request) => this.intake.fetched(partner.id, request)),
      lease: (partition) => this.scheduler.lease(partition),
      paused: () => this.scheduler.isPaused,
    });
    this.waits = new Waits(deps, this.scheduler);
    this.effects = new Effects(deps, this.partners, this.waits);
    this.cases = new CaseService(deps);
    this.recorder = new Recorder(deps, this.partners, (state) => this.sources.forCase(state).length > 0);
    this.compensation = new Compensation(deps, this.partners, this.effects, this.cases, (run, drafts) =>
      this.recorder.record(run, drafts),
    );
    this.steps = new CaseSteps(deps, this.cases, this.effects, this.waits);
    this.cases.onDecision = (caseId, payload, by) => this.waits.signal(`decision:${caseId}`, payload, by);
    this.cases.onEffectDecision = (key, decision, by) => this.waits.signal(`effect:${key}`, { decision }, by);
    this.replays = new Replays(deps, (record, input) => this.preview(record, input));
  }

  /** Joins Node-RED's message hooks. Answers how to leave them. */
  attach(hooks: Hooks): () => void {
    return attachHooks(hooks, this.tracker);
  }

  /** Takes partitions and what operators had set; runs are taken only from `flowsStarted` on. */
  async start(): Promise<void> {
    await this.partners.load();
    await this.scheduler.start();
    this.runner.start();
    this.fetcher.start();
    this.started = true;
  }

  /** Flows run: runs are taken, and those that waited for a flow try again. */
  async flowsStarted(versions: Map<string, string>): Promise<void> {
    this.starter.flowVersions = versions;
    const { stops } = this;
    const { ledger, now } = this.deps;
    for (let partition = 0; partition < ledger.partitions; partition += 1) {
      await ledger.hastenRuns(partition, { errorCode: 'NO_FLOW', now: now() });
    }
    // Flows that were stopped again meanwhile are not resumed; the start that follows does it.
    if (stops !== this.stops) return;
    this.scheduler.resume();
    await this.replays.recover();
    await this.startCases();
  }

  /** Cases that were detected while no flow took them start now, oldest first; one that has started already is left alone. */
  private async startCases(): Promise<void> {
    const { ledger, now, dispatch } = this.deps;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ledger.cases>> = await ledger.cases(
        { state: ['DETECTED'] },
        { limit: 200, sort: 'detectedAt', ...(cursor === null ? {} : { cursor }) },
      );
      for (const state of page.items) {
        if (this.sources.forCase(state).length === 0) continue;
        const partition = partitionOf(state.subject, ledger.partitions);
        await ledger.enqueueRuns(
          partition,
          [caseRun(state, state.reopenCount > 0 ? 'reopened' : 'detected', { now: now() })],
          now(),
        );
        dispatch.notify(partition);
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /**
   * Before flows are replaced: nothing new starts, what runs gets time to settle, and what does not settle is tried again
   * on the new version. Answers whether everything settled by itself.
   */
  async drain(): Promise<boolean> {
    this.stops += 1;
    await this.scheduler.pause();
    const quiet = await this.runner.idle(this.deps.limits.drainMs);
    if (!quiet)
      this.runner.interrupt(
        'DEPLOY',
        'the flow was replaced or stopped while the run was under way; the next attempt starts on the new version',
      );
    await this.runner.idle(this.deps.limits.drainMs);
    return quiet;
  }

  /**
   * Flows stop now. A deploy has drained before; but one that follows another at once drains while the first one's flows are
   * starting, and their start must not let runs into flows that are about to go.
   */
  flowsStopping(): void {
    this.stops += 1;
    void this.scheduler.pause();
    this.runner.interrupt(
      'DEPLOY',
      'the flow was replaced while the run was under way; the next attempt starts on the new version',
    );
  }

  /** The drain was for nothing (a refused deploy): go on as before. */
  resume(): void {
    this.scheduler.resume();
  }

  async stop(): Promise<void> {
    if (!this.started) return;
    this.started = false;
    this.fetcher.halt();
    await this.drain();
    this.runner.stop();
    // Closing the partners' connections ends the rounds that wait for an answer, while the leases still hold.
    for (const partner of this.partners.all()) await partner.close();
    await this.fetcher.idle();
    await this.scheduler.stop();
  }

  /** An error of the process that nobody caught: fails the run it belongs to and answers its id; undefined when it belongs to none. */
  strayError(error: unknown): string | undefined {
    return this.tracker.stray(error);
  }

  get activeRuns(): number {
    return this.runner.active;
  }

  private ended(run: ActiveRun, state: string): void {
    const { partition } = run.lease;
    if (state === 'queued') this.scheduler.dueAt(partition, this.deps.now());
    this.scheduler.freed(partition);
    // Also when the run itself went on: a dead letter of a case asks for a person.
    const letter = run.deadLetters.at(-1)?.reason;
    if ((state === 'dead' || letter) && run.record.caseId !== undefined)
      this.later(
        this.cases.runDied(run.record.caseId, run.failure?.message ?? letter?.message ?? 'the run failed'),
        run,
      );
    if (run.record.kind === 'replay' && (state === 'done' || state === 'parked' || state === 'dead')) {
      // A dead letter that a node noted is a failure, too, although the run itself went on.
      const failure = run.failure?.message ?? letter?.message;
      this.later(
        this.replays.settled(
          run.record.input as ReplayInput,
          state !== 'dead' && letter === undefined,
          failure,
        ),
        run,
      );
    }
  }

  private later(work: Promise<unknown>, run: ActiveRun): void {
    work.catch((error: unknown) =>
      this.deps.log.error({ err: error, runId: run.id }, 'follow-up of a run failed'),
    );
  }

  private preview(record: Parameters<typeof previewRecord>[0], input: ReplayInput): Promise<PreviewSink> {
    return new Promise((resolve) => {
      const sink: PreviewSink = {
        effects: [],
        withheld: [],
        notes: [],
        failed: false,
        finish: (run) => {
          const failure = run.failure ?? run.deadLetters.at(-1)?.reason;
          sink.failed = failure !== undefined;
          if (failure) sink.notes.push(`would fail: ${failure.message}`);
          resolve(sink);
        },
      };
      this.runner.begin(
        previewRecord(record, input, this.deps.newId()),
        { partition: record.partition, fence: 0 },
        { preview: sink },
      );
    });
  }

  partner(id: string): PartnerStatus | undefined {
    const partner = this.partners.get(id);
    return partner && this.statusOf(partner);
  }

  partnerList(): PartnerStatus[] {
    return this.partners.all().map((partner) => this.statusOf(partner));
  }

  private statusOf(partner: Partner): PartnerStatus {
    return partner.status(this.intake.backlogOf(partner.id), this.fetcher.status(partner));
  }
}
