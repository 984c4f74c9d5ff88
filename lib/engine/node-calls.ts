/** What nodes ask of the engine: finds the run that a message belongs to and hands the call to the part that does it. */
import type { NormalizeReport, NormalizeResult, Operation, SystemKind } from '../connectors/kit/connector';
import type { CaseState } from '../model/case';
import { FatalError, NotInRunError } from '../model/errors';
import type { FactDraft } from '../model/fact';
import { sha256Hex } from '../model/keys';
import type { PolicyTable } from '../model/policy';
import type {
  ActionOutcome,
  ActionRequest,
  AlertRequest,
  AskOutcome,
  AskRequest,
  Compensated,
  Decision,
  FlowMessage,
  NodeEngine,
  NodeRef,
  PartnerConfig,
  PartnerStatus,
  RecordOutcome,
  ReplayFilter,
  Source,
  VerifyOutcome,
  VerifyRequest,
  WaitRequest,
} from './api';
import type { Alerts } from './attention/alerts';
import type { Questions } from './cases/questions';
import type { CaseService } from './cases/service';
import type { CaseSteps } from './cases/steps';
import type { EngineDeps } from './deps';
import type { Compensation } from './effects/compensate';
import type { Effects } from './effects/perform';
import { normalizeRaw } from './facts/normalize';
import type { Recorder } from './facts/record';
import type { PartnerRegistry } from './partners/registry';
import type { Replays } from './replays';
import type { ActiveRun } from './runs/active-run';
import type { Runner } from './runs/runner';
import type { RunTracker } from './runs/tracker';
import { snapshotOf } from './snapshot';
import type { Sources } from './sources';
import type { Waits } from './waits';

export abstract class NodeCalls implements NodeEngine {
  abstract readonly partners: PartnerRegistry;
  abstract readonly replays: Replays;
  abstract readonly waits: Waits;
  abstract readonly cases: CaseService;
  abstract readonly alerts: Alerts;
  protected abstract readonly deps: EngineDeps;
  protected abstract readonly sources: Sources;
  protected abstract readonly tracker: RunTracker;
  protected abstract readonly runner: Runner;
  protected abstract readonly effects: Effects;
  protected abstract readonly compensation: Compensation;
  protected abstract readonly recorder: Recorder;
  protected abstract readonly steps: CaseSteps;
  protected abstract readonly questions: Questions;

  abstract partner(id: string): PartnerStatus | undefined;

  private runOf(message: FlowMessage, type: string): ActiveRun {
    const run = this.tracker.runOf(message);
    if (!run) throw new NotInRunError(type);
    return run;
  }

  registerPartner(config: PartnerConfig): () => void {
    return this.partners.register(config);
  }

  checkPartner(config: PartnerConfig): string[] {
    return this.partners.check(config);
  }

  registerSource(source: Source): () => void {
    return this.sources.add(source);
  }

  operationsOf(partnerId: string, kind?: SystemKind): readonly Operation[] {
    return this.partners.operations(partnerId, kind);
  }

  async normalize(message: FlowMessage): Promise<NormalizeResult> {
    return normalizeRaw(this.runOf(message, 'normalize'), this.partners, this.deps.now);
  }

  record(message: FlowMessage, node: NodeRef, drafts: FactDraft[]): Promise<RecordOutcome> {
    return this.recorder.record(this.runOf(message, node.type), drafts);
  }

  async report(message: FlowMessage, node: NodeRef, reports: NormalizeReport[]): Promise<void> {
    const run = this.runOf(message, node.type);
    for (const report of reports) {
      if (report.kind !== 'rejected') continue;
      const at = report.at === undefined ? '' : ` at ${report.at}`;
      this.runner.noteDeadLetter(run, {
        code: `PAYLOAD_${report.code}`,
        message: `${report.message}${at}`,
        nodeId: node.id,
        nodeType: node.type,
        ...(node.name ? { nodeName: node.name } : {}),
        flowId: node.z,
        hint: 'Correct the payload or the mapping, then replay.',
        snapshot: report,
      });
    }
  }

  async firstTime(message: FlowMessage, node: NodeRef, key: string): Promise<boolean> {
    const run = this.runOf(message, node.type);
    if (run.preview) return true;
    return this.recorder.firstTime(run, node, key);
  }

  enrich(message: FlowMessage, node: NodeRef, extra: Record<string, unknown>): Promise<CaseState> {
    return this.steps.enrich(this.runOf(message, node.type), message, extra);
  }

  decide(
    message: FlowMessage,
    node: NodeRef,
    table: PolicyTable,
    inputs: Record<string, unknown>,
  ): Promise<Decision> {
    return this.steps.decide(this.runOf(message, node.type), message, table, inputs);
  }

  ask(message: FlowMessage, request: AskRequest): Promise<AskOutcome> {
    return this.questions.ask(this.runOf(message, request.node.type), message, request);
  }

  perform(message: FlowMessage, request: ActionRequest): Promise<ActionOutcome> {
    return this.effects.perform(this.runOf(message, request.node.type), message, request);
  }

  compensate(message: FlowMessage, node: NodeRef): Promise<Compensated> {
    return this.compensation.run(this.runOf(message, node.type), message, node);
  }

  wait(message: FlowMessage, request: WaitRequest): Promise<void> {
    return this.waits.park(this.runOf(message, request.node.type), message, request);
  }

  verify(message: FlowMessage, request: VerifyRequest): Promise<VerifyOutcome> {
    return this.steps.verify(this.runOf(message, request.node.type), message, request);
  }

  async alert(
    message: FlowMessage,
    request: AlertRequest,
  ): Promise<{ id: string | undefined; outcome: 'fired' | 'counted' | 'resolved' }> {
    const run = this.runOf(message, request.node.type);
    const key = `flow|${request.key || run.subject}|${request.node.id}`;
    if (run.preview) {
      run.preview.notes.push(`would ${request.resolve ? 'end' : 'raise'} the alert ${request.title}`);
      return { id: undefined, outcome: 'counted' };
    }
    if (request.resolve) {
      await this.alerts.resolve([key]);
      return { id: undefined, outcome: 'resolved' };
    }
    const { kind, severity, title, message: text } = request;
    const state = run.record.caseId === undefined ? undefined : await this.cases.load(run.record.caseId);
    const { alert, fired } = await this.alerts.raise({
      // The same attempt again is the same alert, whatever became of it meanwhile.
      id: sha256Hex(`${run.id}|${request.node.id}|${key}`).slice(0, 32),
      ...{ key, kind, severity, title, message: text, at: this.deps.now(), rule: 'flow' },
      ...(state
        ? {
            caseId: state.id,
            subject: state.subject,
            ...(state.region === undefined ? {} : { region: state.region }),
          }
        : {}),
      ...(run.record.partner === undefined ? {} : { partner: run.record.partner }),
    });
    return { id: alert.id, outcome: fired ? 'fired' : 'counted' };
  }

  async deadLetter(
    message: FlowMessage,
    node: NodeRef,
    reason: { code: string; message: string },
  ): Promise<string> {
    const run = this.runOf(message, node.type);
    return this.runner.noteDeadLetter(run, {
      ...reason,
      nodeId: node.id,
      nodeType: node.type,
      ...(node.name ? { nodeName: node.name } : {}),
      flowId: node.z,
      snapshot: snapshotOf(message, this.deps.limits.maxMessageChars),
    });
  }

  async replay(request: {
    name: string;
    reason: string;
    by: string;
    filter: ReplayFilter;
    mode: 'preview' | 'live';
  }): Promise<{ id: string; count: number }> {
    const { ids, ...filter } = request.filter;
    if (request.reason.trim() === '') throw new FatalError('REASON_MISSING', 'a replay needs a reason');
    const { replay, count } = await this.replays.create({
      ...request,
      filter,
      ...(ids && ids.length > 0 ? { ids } : {}),
    });
    if (request.mode === 'live') await this.replays.start(replay.id);
    return { id: replay.id, count };
  }
}
