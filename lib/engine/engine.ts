/** The engine: puts intake, runs, effects, facts, cases, waits and replays together behind what nodes and the gateway ask for. */

import type { NormalizeResult } from '../connectors/kit/connector';
import type { CaseState } from '../model/case';
import type { FactDraft } from '../model/fact';
import { partitionOf } from '../model/keys';
import type { PartnerStatus, RecordOutcome } from './api';
import { Attention } from './attention';
import type { Alerts } from './attention/alerts';
import { Healing } from './cases/healing';
import { Questions } from './cases/questions';
import { CaseService } from './cases/service';
import { CaseSteps } from './cases/steps';
import type { EngineDeps } from './deps';
import { Compensation } from './effects/compensate';
import { Effects } from './effects/perform';
import { caseRun } from './facts/case-run';
import { type Inspected, inspectPayload } from './facts/inspect';
import { Recorder } from './facts/record';
import { Intake } from './intake';
import { NodeCalls } from './node-calls';
import { type Partner, PartnerRegistry } from './partners/registry';
import { SecretStore } from './partners/secrets';
import { Fetcher } from './polling/fetcher';
import { taskOf } from './polling/tasks';
import { Replays } from './replays';
import type { ActiveRun, PreviewSink } from './runs/active-run';
import { FollowUps } from './runs/follow-ups';
import { attachHooks, type Hooks } from './runs/hooks';
import { previewRecord } from './runs/preview';
import { Runner } from './runs/runner';
import { Scheduler } from './runs/scheduler';
import { type ReplayInput, RunStarter } from './runs/starter';
import { RunTracker } from './runs/tracker';
import { Sources } from './sources';
import { type MoveRequest, moveDeadLetter, releaseStranded, type Stranded, strandedAt } from './stranded';
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
  protected readonly questions: Questions;
  readonly alerts: Alerts;
  private readonly healing: Healing;
  readonly attention: Attention;
  private readonly fetcher: Fetcher;
  private started = false;
  /** How often flows were about to stop. */
  private stops = 0;
  private readonly followUps: FollowUps;

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
    this.starter = new RunStarter(deps, this.sources, this.tracker, (run) => this.healing.run(run));
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
    this.recorder = new Recorder(
      deps,
      this.partners,
      (state) => this.isTaken(state),
      (state) => this.sources.following(state).length > 0,
    );
    this.compensation = new Compensation(deps, this.partners, this.effects, this.cases, (run, drafts) =>
      this.recorder.record(run, drafts),
    );
    this.healing = new Healing(this.cases, this.compensation);
    this.steps = new CaseSteps(deps, this.cases, this.effects, this.waits);
    this.attention = new Attention(deps, {
      sources: this.sources,
      partners: this.partners,
      recorder: this.recorder,
      cases: this.cases,
      leases: () => this.scheduler.leases(),
      paused: () => this.scheduler.isPaused,
    });
    this.alerts = this.attention.alerts;
    this.cases.onDecision = (caseId, payload, by) => this.waits.signal(`decision:${caseId}`, payload, by);
    this.cases.onEffectDecision = (key, decision, by) => this.waits.signal(`effect:${key}`, { decision }, by);
    this.questions = new Questions(deps, this.cases, this.steps, this.waits);
    this.replays = new Replays(deps, (record, input) => this.preview(record, input));
    this.followUps = new FollowUps(deps, this);
    this.effects.onExhausted = (run, outage) => this.followUps.exhausted(run, outage);
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
    this.attention.start();
    this.started = true;
  }

  /** Flows run: runs are taken, and those that waited for a flow try again. */
  async flowsStarted(versions: Map<string, string>): Promise<void> {
    this.starter.flowVersions = versions;
    this.followUps.forget();
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
        if (!this.isTaken(state)) continue;
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
    await this.attention.stop();
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

  /** Attempts that ended since the flows started last, and how many of them failed; one that was put off did not fail. */
  attemptsOf(flowVersion: string): { ended: number; failed: number } {
    return this.followUps.attemptsOf(flowVersion);
  }

  /** Where messages wait that the deployed nodes do not have any more. */
  strandedAt(deployed: ReadonlySet<string>): Promise<Stranded[]> {
    return strandedAt(this.deps, deployed);
  }

  /** Lets them go: each becomes a dead letter with the reason NODE_GONE. Answers how many. */
  releaseStranded(deployed: ReadonlySet<string>, by: string): Promise<number> {
    return releaseStranded(this.deps, deployed, by);
  }

  /** See `moveDeadLetter`. */
  moveDeadLetter(request: MoveRequest): Promise<string | undefined> {
    return moveDeadLetter(this.deps, this.replays, request);
  }

  private ended(run: ActiveRun, state: string): void {
    const { partition } = run.lease;
    if (state === 'queued') this.scheduler.dueAt(partition, this.deps.now());
    this.followUps.ended(run, state);
    this.scheduler.freed(partition);
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
          sink.failed = failure !== undefined && run.failure?.error?.fate !== 'acknowledge';
          if (sink.failed && failure) sink.notes.push(`would fail: ${failure.message}`);
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

  /** @throws FatalError NO_MAPPING */
  inspect(partnerId: string, delivery: Inspected): Promise<NormalizeResult> {
    return inspectPayload(this.partners, partnerId, delivery, this.deps.now);
  }

  partnerList(): PartnerStatus[] {
    return this.partners.all().map((partner) => this.statusOf(partner));
  }

  private statusOf(partner: Partner): PartnerStatus {
    return partner.status(this.intake.backlogOf(partner.id), this.fetcher.status(partner));
  }

  /** Facts that come without a payload: given by a flow test, or recorded before and run again by a back-test. */
  recordFacts(partnerId: string, drafts: FactDraft[]): Promise<RecordOutcome> {
    const id = this.deps.newId();
    const record = { partner: partnerId, ref: id, correlationId: id, rootRunId: id };
    return this.recorder.record({ id, startedAt: this.deps.now(), preview: undefined, record }, drafts);
  }

  /** Looks now at what nobody reports: deadlines, clocks, cut-offs. By itself it looks every `attentionMs`. */
  attend(): Promise<void> {
    return this.attention.now();
  }

  /** Whether a flow takes the case. */
  isTaken(state: CaseState): boolean {
    return this.sources.forCase(state).length > 0;
  }
}
