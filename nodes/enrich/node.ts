/** Puts case, facts and shipment onto the message, reads once at a partner where asked to, and moves the case to ENRICHED. */
import type { NodeAPI } from 'node-red';
import type { FlowMessage, NodeEngine } from '../../lib/engine/api';
import { compileExpression, compileMapping, type Evaluate } from '../../lib/engine/expressions';
import { FatalError, RetryableError } from '../../lib/model/errors';
import { defineNode, type NodeContext } from '../common/define';
import { partnerIdOf } from '../common/partner';
import { isWired, sendOn } from '../common/runtime';
import { type EnrichForm, enrichForm } from './form';
import { migrations } from './migrations';

export = function enrich(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-enrich',
    form: enrichForm,
    migrations,
    start(context) {
      const { ref, form, engine, status, node } = context;
      const lookUp = form.partner === '' ? undefined : looker(context);
      const mapping = form.mapping === '' ? undefined : compileExpression(form.mapping, 'the mapping');
      return async (message, send) => {
        const failure = await lookUp?.(message);
        if (failure !== undefined) {
          if (!isWired(node, 1)) throw new RetryableError('LOOKUP_FAILED', failure);
          message.failure = { code: 'LOOKUP_FAILED', message: failure };
          status.show('attention', RED._('enrich.status.failed'));
          sendOn(send, 1, message);
          return;
        }
        message.case = await engine.enrich(message, ref, await contextOf(message, mapping));
        status.clear();
        sendOn(send, 0, message);
      };
    },
  });
};

/** Reads once and leaves the answer in `msg.lookup`. Answers why there is none. */
function looker({
  RED,
  form,
  ref,
  engine,
  node,
}: NodeContext<EnrichForm>): (message: FlowMessage) => Promise<string | undefined> {
  const inputOf = compileMapping(form.input);
  return async (message) => {
    const request = {
      node: ref,
      partnerId: partnerIdOf(RED, form.partner),
      operation: form.operation,
      step: `${node.id}:lookup`,
      input: await inputOf(message),
    };
    mustRead(engine, request.partnerId, form.operation);
    const outcome = await engine.perform(message, request);
    if (outcome.kind === 'ok') {
      message.lookup = outcome.output;
      return undefined;
    }
    return outcome.kind === 'parked' ? 'the look-up waits for approval' : outcome.message;
  };
}

/** Enriching must not change anything outside. */
function mustRead(engine: NodeEngine, partnerId: string, operationId: string): void {
  const operation = engine.operationsOf(partnerId).find(({ id }) => id === operationId);
  if (operation === undefined || operation.safety === 'read') return;
  throw new FatalError('NOT_A_READ', `${operation.title} changes something, so enrich does not call it`, {
    hint: 'Use an action node for it, or choose a read operation.',
  });
}

/** The case's context that the flow adds; the engine checks its fields. */
async function contextOf(
  message: FlowMessage,
  mapping: Evaluate | undefined,
): Promise<Record<string, unknown>> {
  const context = (await mapping?.(message)) ?? {};
  if (typeof context !== 'object' || Array.isArray(context)) {
    throw new FatalError('MAPPING_NOT_OBJECT', 'the mapping of enrich must give an object', {
      hint: 'Write it like { "customerPriority": lookup.customerPriority }.',
    });
  }
  return { ...context };
}
