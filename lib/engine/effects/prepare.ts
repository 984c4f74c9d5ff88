/** From what a node asks for to an action with its key: the input is checked, and what an earlier attempt recorded stands in for it where it must. */
import type { Operation } from '../../connectors/kit/connector';
import type { EffectIntent, EffectRecord } from '../../ledger/effects';
import { FatalError, type RerouteError } from '../../model/errors';
import { effectKey } from '../../model/keys';
import type { ActionRequest, FlowMessage, PartnerMode } from '../api';
import type { EngineDeps } from '../deps';
import type { PartnerCall } from '../partners/calls';
import type { Partner, PartnerRegistry } from '../partners/registry';
import type { ActiveRun } from '../runs/active-run';

export interface Action {
  run: ActiveRun;
  partner: Partner;
  operation: Operation;
  input: unknown;
  target: string;
  plan: string;
  key: string;
  request: ActionRequest;
  message: FlowMessage;
  /** Its record, once it is intended. */
  effect?: { sequence: number; at: number };
}

/** The action as a call of its partner; `now` in epoch milliseconds. */
export function callOf(action: Action, now: number): PartnerCall {
  const { partner, operation, input, key, run, request, effect } = action;
  const { caseId, correlationId } = run.record;
  return {
    ...{ partner, operation, input, key, step: request.step, correlationId, now },
    ...(caseId === undefined ? {} : { caseId }),
    ...(effect === undefined ? {} : { effect }),
  };
}

/**
 * @throws FatalError for an unknown partner or operation, INPUT_INVALID, or the error of the input mapping, where no earlier
 * attempt has recorded what the step does
 */
export async function prepare(
  deps: EngineDeps,
  partners: PartnerRegistry,
  run: ActiveRun,
  message: FlowMessage,
  request: ActionRequest,
): Promise<Action> {
  const partner = partners.require(request.partnerId);
  const operation = partner.operation(request.operation);
  const plan = message.reroute?.plan ?? run.plan;
  const common = { run, partner, operation, plan, request, message };
  const parsed = request.inputError ? undefined : operation.input.safeParse(request.input);
  if (!parsed?.success) {
    const recorded = await recordedStep(deps, run, plan, request);
    if (!recorded) throw request.inputError ?? invalidInput(partner, operation, parsed?.error.issues ?? []);
    return { ...common, input: recorded.input, target: recorded.target, key: recorded.key };
  }
  const target = operation.target(parsed.data);
  const key = effectKey({
    tenant: deps.tenant,
    subject: run.subject,
    planVersion: plan,
    step: request.step,
    target: `${partner.id}/${operation.id}/${target}`,
  });
  return { ...common, input: parsed.data, target, key };
}

const firstState = { observe: 'OBSERVED', assist: 'AWAITING_APPROVAL', automate: 'INTENDED' } as const;

/** What is written down before anything is sent. */
export function intentOf(action: Action, mode: PartnerMode, at: number): EffectIntent {
  const { run, partner, operation, request, key, plan, target, input } = action;
  const { caseId, rootRunId, correlationId } = run.record;
  return {
    ...{ key, runId: run.id, rootRunId, partner: partner.id, operation: operation.id },
    ...{ safety: operation.safety, plan, step: request.step, target, input, correlationId, at },
    state: firstState[mode],
    ...(request.pivot ? { pivot: true } : {}),
    ...(caseId === undefined ? {} : { caseId }),
  };
}

/**
 * What the plan has recorded for the step. The world that an input is mapped from changes by what the step did (an order that is split
 * cannot be split again), so a later attempt goes by the record. Several targets of one step cannot stand in for each other.
 */
async function recordedStep(
  { ledger }: EngineDeps,
  run: ActiveRun,
  plan: string,
  request: ActionRequest,
): Promise<EffectRecord | undefined> {
  const found = (await effectsOfPlan(ledger, run, plan)).filter(
    ({ step, partner, operation, safety }) =>
      step === request.step &&
      partner === request.partnerId &&
      operation === request.operation &&
      safety !== 'read',
  );
  return found.length === 1 ? found[0] : undefined;
}

/** Effects of the case's plan, or of a run without a case and the runs it led to; in the order of their intents. */
export async function effectsOfPlan(
  ledger: EngineDeps['ledger'],
  run: ActiveRun,
  plan: string,
): Promise<EffectRecord[]> {
  const { caseId, rootRunId } = run.record;
  await Promise.all(run.recording);
  const all =
    caseId === undefined
      ? await ledger.effectsByRuns((await ledger.runsByRoot(rootRunId)).map(({ id }) => id))
      : await ledger.effectsByCase(caseId);
  return all.filter((effect) => effect.plan === plan).sort((a, b) => a.at - b.at);
}

function invalidInput(
  partner: Partner,
  operation: Operation,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): RerouteError {
  const words = issues.map(({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`);
  return new FatalError(
    'INPUT_INVALID',
    `${operation.title} at ${partner.id} cannot be called: ${words.join('; ')}`,
    {
      hint: 'Correct the input mapping of the node, or the data it maps from, and replay.',
      context: { partner: partner.id, operation: operation.id },
    },
  );
}
