/** The one controller behind carrier, wms, erp, tms, storefront, desk and edi: an operation of a partner, called as an effect. */
import type { NodeAPI } from 'node-red';
import { z } from 'zod';
import type { SystemKind } from '../../lib/connectors/kit/connector';
import type { ActionOutcome, FlowMessage } from '../../lib/engine/api';
import { compileMapping, type Evaluate } from '../../lib/engine/expressions';
import {
  BusinessError,
  isRerouteError,
  type RerouteError,
  RetryableError,
  UnknownOutcomeError,
} from '../../lib/model/errors';
import { commonFields, optionalText, requiredText } from './config';
import { defineNode, type InputHandler, type NodeContext } from './define';
import type { Migration } from './migrate';
import { partnerIdOf } from './partner';
import { resumeAt } from './resume';
import { isWired, type Send, sendOn } from './runtime';

export const actionForm = z.object({
  ...commonFields,
  partner: requiredText('choose a partner'),
  operation: requiredText('choose an operation'),
  /** JSON object with `$` JSONata values, or one JSONata expression. */
  input: optionalText,
  /** Name within the plan; part of the effect's key. */
  step: optionalText,
  pivot: z.boolean().default(false),
});
export type ActionForm = z.infer<typeof actionForm>;

/** Outputs in their order. */
export const actionOutputs = ['ok', 'business exception', 'technical failure', 'unknown outcome'] as const;

export function defineAction(RED: NodeAPI, kind: SystemKind, migrations: readonly Migration[]): void {
  defineNode(RED, {
    type: `reroute-${kind}`,
    form: actionForm,
    migrations,
    start(context) {
      // Assist mode parks the message here; it enters again when a person has decided.
      resumeAt(context);
      return actionHandler(context);
    },
  });
}

export function actionHandler(context: NodeContext<ActionForm>): InputHandler {
  const { RED, node, ref, form, engine } = context;
  const inputOf = compileMapping(form.input);
  const step = form.step === '' ? node.id : form.step;
  const words = statusWords(RED);
  return async (message, send) => {
    const partnerId = partnerIdOf(RED, form.partner);
    const outcome = await engine.perform(message, {
      node: ref,
      partnerId,
      operation: form.operation,
      step,
      ...(await mapped(inputOf, message)),
      ...(form.pivot ? { pivot: true } : {}),
    });
    const call: Call = { partnerId, operation: form.operation, step };
    show(context, words, outcome);
    deliver(context, message, send, outcome, call);
  };
}

/** An input that cannot be mapped is the engine's to judge: an earlier attempt may have recorded it. */
async function mapped(
  inputOf: Evaluate,
  message: FlowMessage,
): Promise<{ input: unknown; inputError?: RerouteError }> {
  try {
    return { input: await inputOf(message) };
  } catch (error) {
    if (isRerouteError(error)) return { input: undefined, inputError: error };
    throw error;
  }
}

interface Call {
  partnerId: string;
  operation: string;
  step: string;
}

function deliver(
  context: NodeContext<ActionForm>,
  message: FlowMessage,
  send: Send,
  outcome: ActionOutcome,
  call: Call,
): void {
  const effect = { key: outcome.key, partner: call.partnerId, operation: call.operation, step: call.step };
  switch (outcome.kind) {
    case 'parked':
      return;
    case 'ok': {
      const { output, confirmed, recorded, adopted, observed, reference } = outcome;
      message.effect = {
        ...effect,
        confirmed,
        recorded,
        adopted,
        observed,
        ...(reference === undefined ? {} : { reference }),
      };
      if (!observed) message.payload = output;
      message.steps = {
        ...stepsOf(message),
        [call.step]: { output, ...(reference === undefined ? {} : { reference }) },
      };
      sendOn(send, 0, message);
      return;
    }
    case 'business': {
      const { code, message: text, vendorCode } = outcome;
      message.effect = effect;
      message.exception = { code, message: text, ...(vendorCode === undefined ? {} : { vendorCode }) };
      branch(context, message, send, 1, new BusinessError(code, text, { context: placeOf(call) }));
      return;
    }
    case 'technical':
      message.effect = effect;
      message.failure = { code: outcome.code, message: outcome.message };
      branch(
        context,
        message,
        send,
        2,
        new RetryableError(outcome.code, outcome.message, { context: placeOf(call) }),
      );
      return;
    case 'unknown':
      message.effect = effect;
      message.failure = { code: 'UNKNOWN_OUTCOME', message: outcome.message };
      branch(
        context,
        message,
        send,
        3,
        new UnknownOutcomeError('UNKNOWN_OUTCOME', outcome.message, unknownDetail(call)),
      );
  }
}

/** What nobody is wired to take fails the run: a technical failure is tried again, an unknown outcome waits for a person. */
function branch(
  { node }: NodeContext<ActionForm>,
  message: FlowMessage,
  send: Send,
  output: number,
  error: RerouteError,
): void {
  if (!isWired(node, output)) throw error;
  sendOn(send, output, message);
}

const placeOf = ({ partnerId, operation, step }: Call) => ({ partner: partnerId, operation, step });

const unknownDetail = (call: Call) => ({
  hint: 'Look at the partner whether it took effect, and decide the effect in the case; or wire the unknown outcome output.',
  context: placeOf(call),
});

function stepsOf(message: FlowMessage): object {
  const steps = message.steps;
  return typeof steps === 'object' && steps !== null ? steps : {};
}

const statusKeys = ['parked', 'observed', 'confirmed', 'accepted', 'unknown'] as const;
type StatusWords = Record<(typeof statusKeys)[number], string>;

/** Translated once a deploy: a look-up for every message costs more than the message's way through the node. */
function statusWords(RED: NodeAPI): StatusWords {
  const entries = statusKeys.map((key) => [key, RED._(`reroute/reroute-editor:action.status.${key}`)]);
  return Object.fromEntries(entries) as StatusWords;
}

function show({ status }: NodeContext<ActionForm>, words: StatusWords, outcome: ActionOutcome): void {
  if (outcome.kind === 'parked') status.show('waiting', words.parked);
  else if (outcome.kind === 'ok')
    status.show(
      'ok',
      outcome.observed ? words.observed : outcome.confirmed ? words.confirmed : words.accepted,
    );
  else if (outcome.kind === 'business') status.show('attention', outcome.code);
  else if (outcome.kind === 'technical') status.show('failed', outcome.message);
  else status.show('unknown', words.unknown);
}
