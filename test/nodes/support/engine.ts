/** A NodeEngine that keeps what it was asked and answers what the test says: enough to see what a node does with its form. */
import type { NormalizeReport, NormalizeResult, Operation } from '../../../lib/connectors/kit/connector';
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
  Source,
  VerifyOutcome,
  VerifyRequest,
  WaitRequest,
} from '../../../lib/engine/api';
import type { CaseState } from '../../../lib/model/case';
import { FatalError } from '../../../lib/model/errors';
import type { FactDraft } from '../../../lib/model/fact';
import type { PolicyTable } from '../../../lib/model/policy';

/** What the next calls answer; an Error is thrown. */
export interface Answers {
  normalize: NormalizeResult | Error;
  record: RecordOutcome | Error;
  firstTime: boolean;
  enrich: CaseState;
  decide: Decision | Error;
  ask: AskOutcome;
  perform: ActionOutcome | Error;
  compensate: Compensated;
  verify: VerifyOutcome;
  alert: Awaited<ReturnType<NodeEngine['alert']>>;
  replay: { id: string; count: number };
}

export class RecordingEngine implements NodeEngine {
  readonly partners = new Map<string, PartnerConfig>();
  readonly sources = new Map<string, Source>();
  readonly calls: { method: string; args: unknown[] }[] = [];
  operations: readonly Operation[] = [];
  problems: string[] = [];
  answers: Partial<Answers> = {};

  /** Arguments of the calls of a method, without the message. */
  asked(method: string): unknown[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.args.at(-1));
  }

  registerPartner(config: PartnerConfig): () => void {
    if (this.partners.has(config.id))
      throw new FatalError('PARTNER_TWICE', `partner ${config.id} is configured twice`);
    this.partners.set(config.id, config);
    return () => void this.partners.delete(config.id);
  }
  registerSource(source: Source): () => void {
    this.sources.set(source.node.id, source);
    return () => void this.sources.delete(source.node.id);
  }
  partner(id: string): PartnerStatus | undefined {
    return this.partners.has(id) ? ({ id } as PartnerStatus) : undefined;
  }
  operationsOf(): readonly Operation[] {
    return this.operations;
  }
  checkPartner(): string[] {
    return this.problems;
  }
  normalize(message: FlowMessage): Promise<NormalizeResult> {
    return this.answer('normalize', [message]);
  }
  record(message: FlowMessage, _node: NodeRef, drafts: FactDraft[]): Promise<RecordOutcome> {
    return this.answer('record', [message, drafts]);
  }
  async report(message: FlowMessage, _node: NodeRef, reports: NormalizeReport[]): Promise<void> {
    this.calls.push({ method: 'report', args: [message, reports] });
  }
  firstTime(message: FlowMessage, _node: NodeRef, key: string): Promise<boolean> {
    return this.answer('firstTime', [message, key]);
  }
  enrich(message: FlowMessage, _node: NodeRef, extra: Record<string, unknown>): Promise<CaseState> {
    return this.answer('enrich', [message, extra]);
  }
  decide(
    message: FlowMessage,
    _node: NodeRef,
    table: PolicyTable,
    inputs: Record<string, unknown>,
  ): Promise<Decision> {
    return this.answer('decide', [message, table, inputs]);
  }
  ask(message: FlowMessage, request: AskRequest): Promise<AskOutcome> {
    return this.answer('ask', [message, request]);
  }
  perform(message: FlowMessage, request: ActionRequest): Promise<ActionOutcome> {
    return this.answer('perform', [message, request]);
  }
  compensate(message: FlowMessage): Promise<Compensated> {
    return this.answer('compensate', [message]);
  }
  async wait(message: FlowMessage, request: WaitRequest): Promise<void> {
    this.calls.push({ method: 'wait', args: [message, request] });
  }
  verify(message: FlowMessage, request: VerifyRequest): Promise<VerifyOutcome> {
    return this.answer('verify', [message, request]);
  }
  alert(message: FlowMessage, request: AlertRequest): Promise<Answers['alert']> {
    return this.answer('alert', [message, request]);
  }
  async deadLetter(
    message: FlowMessage,
    _node: NodeRef,
    reason: { code: string; message: string },
  ): Promise<string> {
    this.calls.push({ method: 'deadLetter', args: [message, reason] });
    return 'dl-1';
  }
  replay(request: Parameters<NodeEngine['replay']>[0]): Promise<{ id: string; count: number }> {
    return this.answer('replay', [request]);
  }

  private async answer<M extends keyof Answers>(
    method: M,
    args: unknown[],
  ): Promise<Exclude<Answers[M], Error>> {
    this.calls.push({ method, args });
    const answer = this.answers[method];
    if (answer === undefined) throw new Error(`the test does not say what ${method} answers`);
    if (answer instanceof Error) throw answer;
    return answer as Exclude<Answers[M], Error>;
  }
}
