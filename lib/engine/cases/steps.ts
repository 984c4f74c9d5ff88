/** The steps of a case that flows drive: enrich, decide, verify. Each may be repeated: a step that is past is not taken again. */
import jsonata from 'jsonata';
import type { CaseCommand, CaseState } from '../../model/case';
import { FatalError, NothingToDoError } from '../../model/errors';
import { factContext } from '../../model/fact';
import { evaluatePolicy, type PolicyTable } from '../../model/policy';
import type { Decision, FlowMessage, VerifyOutcome, VerifyRequest } from '../api';
import type { EngineDeps } from '../deps';
import type { Effects } from '../effects/perform';
import type { ActiveRun } from '../runs/active-run';
import { isUpdatePlan } from '../update-plan';
import type { Waits } from '../waits';
import type { CaseService } from './service';

const system = { by: 'system', role: 'system' as const };
const factsOnMessage = 50;

export class CaseSteps {
  constructor(
    private readonly deps: EngineDeps,
    private readonly cases: CaseService,
    private readonly effects: Effects,
    private readonly waits: Waits,
  ) {}

  /** The case that the run is about, as it stands. */
  caseOf(run: ActiveRun): Promise<CaseState> {
    return this.cases.load(this.caseId(run));
  }

  private caseId(run: ActiveRun): string {
    if (run.record.caseId === undefined) {
      throw new FatalError('NO_CASE', 'this run is not about a case', {
        hint: 'Start the flow with exception in.',
      });
    }
    return run.record.caseId;
  }

  /** A command that is past already is fine; any other refusal stops the flow with its reason. */
  async advance(run: ActiveRun, commands: (state: CaseState) => CaseCommand[]): Promise<CaseState> {
    const id = this.caseId(run);
    if (run.preview) return this.cases.load(id);
    const applied = await this.cases.apply(id, commands);
    if (applied.ok || applied.refusal.past) return applied.state;
    if (applied.state.state === 'SUPPRESSED' || applied.state.state === 'CANCELLED')
      throw new NothingToDoError('CASE_ENDED', `case ${id} is ${applied.state.state}: the run ends with it`);
    throw new FatalError(applied.refusal.code, applied.refusal.message, { hint: applied.refusal.hint });
  }

  /** Case, facts and shipment come onto the message; what the flow adds (`extra`) becomes the case's context. */
  async enrich(run: ActiveRun, message: FlowMessage, extra: Record<string, unknown>): Promise<CaseState> {
    const context = factContext.safeParse(extra);
    if (!context.success) {
      const [issue] = context.error.issues;
      throw new FatalError(
        'CONTEXT_INVALID',
        `the added context is not right: ${issue?.path.join('.')}: ${issue?.message}`,
        { hint: 'Correct the mapping of the enrich node.' },
      );
    }
    const known = await this.cases.load(this.caseId(run));
    const state = await this.advance(run, (before) =>
      before.state === 'DETECTED'
        ? [
            {
              type: 'enrich',
              ...system,
              resolved: !known.subject.startsWith('fact:'),
              context: { ...before.context, ...context.data },
            },
          ]
        : [],
    );
    const facts = (await this.deps.ledger.factsByCase(state.id)).slice(-factsOnMessage);
    message.case = structuredClone(state);
    message.facts = facts.map(({ fact }) => fact);
    message.fact = facts.at(-1)?.fact;
    message.shipment = (await this.deps.ledger.shipment(state.subject))?.view;
    return state;
  }

  async decide(
    run: ActiveRun,
    message: FlowMessage,
    table: PolicyTable,
    inputs: Record<string, unknown>,
  ): Promise<Decision> {
    const before = await this.cases.load(this.caseId(run));
    if (run.preview) return decisionOf(table, inputs, evaluatePolicy(table, inputs, this.deps.now()));
    // Once decided, the recorded decision stands, whatever the table says by now.
    if (before.plan && before.policy && before.state !== 'ENRICHED' && before.state !== 'DECISION_PENDING')
      return this.recorded(message, before);
    const pinned = before.state === 'DECISION_PENDING' ? (before.policy?.inputs ?? inputs) : inputs;
    const result = evaluatePolicy(table, pinned, this.deps.now());
    const state = await this.advance(run, ({ state: name }) => [
      ...(name === 'ENRICHED'
        ? [
            {
              type: 'requestDecision' as const,
              ...system,
              policy: { name: table.name, version: table.version, inputs: pinned },
            },
          ]
        : []),
      { type: 'decide', ...system, outcome: result.outcome, then: result.then, row: result.row },
    ]);
    this.pinPlan(message, state);
    return decisionOf(table, pinned, result);
  }

  private recorded(message: FlowMessage, state: CaseState): Decision {
    this.pinPlan(message, state);
    const { plan, policy } = state;
    return {
      outcome: plan?.outcome ?? policy?.outcome ?? 'MANUAL',
      then: plan?.then ?? {},
      inputs: policy?.inputs ?? {},
      policy: { name: policy?.name ?? '', version: policy?.version ?? '', row: policy?.row ?? null },
    };
  }

  /** Effects from here on belong to this plan. */
  pinPlan(message: FlowMessage, state: CaseState): void {
    if (message.reroute && !isUpdatePlan(message.reroute.plan))
      message.reroute.plan = String(state.planVersion);
    message.case = structuredClone(state);
  }

  /** Reads the owning system until it shows the intended state, or the time is up. */
  async verify(run: ActiveRun, message: FlowMessage, request: VerifyRequest): Promise<VerifyOutcome> {
    if (message.reroute?.observed) return { kind: 'observed' };
    const state = await this.advance(run, ({ state: name }) => {
      if (name === 'REMEDIATING')
        return [
          { type: 'stepsDispatched', ...system },
          { type: 'allAcked', ...system },
        ];
      return name === 'AWAITING_ACK' ? [{ type: 'allAcked', ...system }] : [];
    });
    if (state.state === 'VERIFIED' || state.state === 'CLOSED')
      return { kind: 'verified', output: undefined };
    const outcome = await this.effects.perform(run, message, {
      node: request.node,
      partnerId: request.partnerId,
      operation: request.operation,
      step: 'verify',
      input: request.input,
      fresh: true,
    });
    const output = outcome.kind === 'ok' ? outcome.output : undefined;
    if (outcome.kind === 'ok' && (await shows(request.expect, output, message))) {
      const evidence = [request, ...(request.also ? [request.also] : [])].map(({ partnerId, operation }) => ({
        system: partnerId,
        description: `${operation} shows the intended state`,
      }));
      const verified = await this.advance(run, ({ state: name }) =>
        name === 'RESOLVED' ? [{ type: 'verify', ...system, evidence }] : [],
      );
      message.case = structuredClone(verified);
      return { kind: 'verified', output };
    }
    return this.notYet(run, message, request, output);
  }

  private async notYet(
    run: ActiveRun,
    message: FlowMessage,
    request: VerifyRequest,
    output: unknown,
  ): Promise<VerifyOutcome> {
    const now = this.deps.now();
    const since = message.reroute?.verifyingSince ?? now;
    if (now - since < request.withinMs && !run.preview) {
      if (message.reroute) message.reroute.verifyingSince = since;
      await this.waits.park(run, message, {
        node: request.node,
        kind: 'timer',
        afterMs: request.everyMs,
        reenter: 'input',
      });
      return { kind: 'parked' };
    }
    const failed = await this.advance(run, ({ state: name }) =>
      name === 'RESOLVED'
        ? [
            {
              type: 'verifyFailed',
              ...system,
              message: `${request.operation} at ${request.partnerId} does not show the intended state`,
            },
          ]
        : [],
    );
    if (message.reroute) {
      delete message.reroute.verifyingSince;
      message.reroute.verifyFailures = failed.verifyFailures;
    }
    message.case = structuredClone(failed);
    return { kind: 'failed', output, failures: failed.verifyFailures, manual: failed.state === 'MANUAL' };
  }
}

function decisionOf(
  table: PolicyTable,
  inputs: Record<string, unknown>,
  result: { outcome: string; then: Record<string, unknown>; row: number | null },
): Decision {
  return {
    outcome: result.outcome,
    then: result.then,
    inputs,
    policy: { name: table.name, version: table.version, row: result.row },
  };
}

/** @throws FatalError EXPECTATION_INVALID */
async function shows(expression: string, output: unknown, message: FlowMessage): Promise<boolean> {
  try {
    return (await jsonata(expression).evaluate({ ...message, output })) === true;
  } catch (cause) {
    throw new FatalError(
      'EXPECTATION_INVALID',
      `the expectation cannot be evaluated: ${String((cause as { message?: string }).message ?? cause)}`,
      { hint: 'Correct the JSONata of the verify node.', cause },
    );
  }
}
