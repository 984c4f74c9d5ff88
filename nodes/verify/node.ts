/** Reads back from the systems that own the outcome: a 2xx was a promise, this is the proof. Reads again until they show it or time is up. */
import type { NodeAPI } from 'node-red';
import type { FlowMessage } from '../../lib/engine/api';
import { compileExpression, compileMapping } from '../../lib/engine/expressions';
import { FatalError } from '../../lib/model/errors';
import { durationMs } from '../common/config';
import { defineNode, type NodeContext } from '../common/define';
import { partnerIdOf } from '../common/partner';
import { resumeAt } from '../common/resume';
import { isWired, sendOn } from '../common/runtime';
import { type VerifyForm, verifyForm } from './form';
import { migrations } from './migrations';

export = function verify(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-verify',
    form: verifyForm,
    migrations,
    start(context) {
      const { ref, form, engine, status, node } = context;
      const inputOf = compileMapping(form.input);
      const readAlso = form.alsoPartner === '' ? undefined : secondReader(context);
      compileExpression(form.expect, 'the expectation');
      const everyMs = durationMs(form.every ?? 1, form.everyUnit);
      const withinMs = durationMs(form.within ?? 1, form.withinUnit);
      // Between two reads the message is parked; it enters here again.
      resumeAt(context);
      return async (message, send) => {
        const partnerId = partnerIdOf(RED, form.partner);
        if (readAlso) message.also = await readAlso(message);
        const request = {
          node: ref,
          partnerId,
          operation: form.operation,
          input: await inputOf(message),
          expect: form.expect,
          everyMs,
          withinMs,
          ...(message.also === undefined || !readAlso
            ? {}
            : { also: { partnerId: partnerIdOf(RED, form.alsoPartner), operation: form.alsoOperation } }),
        };
        const outcome = await engine.verify(message, request);
        if (outcome.kind === 'parked') {
          status.show('waiting', RED._('verify.status.reading'));
          return;
        }
        if (outcome.kind === 'observed') {
          status.show('ok', RED._('verify.status.observed'));
          message.verification = { verified: false, observed: true };
          send(message);
          return;
        }
        message.payload = outcome.output;
        if (outcome.kind === 'verified') {
          message.verification = { verified: true };
          status.show('ok', RED._('verify.status.verified'));
          sendOn(send, 0, message);
          return;
        }
        const { failures, manual } = outcome;
        message.verification = { verified: false, failures, manual };
        status.show('attention', RED._(manual ? 'verify.status.manual' : 'verify.status.failed'));
        if (!isWired(node, 1)) throw notVerified(form, partnerId);
        sendOn(send, 1, message);
      };
    },
  });
};

/** The second system's answer, read anew at every try; undefined when it has none, which no expectation should take for a proof. */
function secondReader({
  RED,
  form,
  ref,
  engine,
}: NodeContext<VerifyForm>): (message: FlowMessage) => Promise<unknown> {
  const inputOf = compileMapping(form.alsoInput, 'the input mapping of the second system');
  return async (message) => {
    const partnerId = partnerIdOf(RED, form.alsoPartner);
    const operation = engine.operationsOf(partnerId).find(({ id }) => id === form.alsoOperation);
    if (operation !== undefined && operation.safety !== 'read') {
      throw new FatalError('NOT_A_READ', `${operation.title} changes something, so verify does not call it`, {
        hint: 'Choose a read operation for the second system.',
      });
    }
    const outcome = await engine.perform(message, {
      node: ref,
      partnerId,
      operation: form.alsoOperation,
      step: 'verify',
      // What an earlier attempt saw proves nothing now.
      fresh: true,
      input: await inputOf(message),
    });
    return outcome.kind === 'ok' ? outcome.output : undefined;
  };
}

/** Nothing else would take it up: the case would wait for ever for what nobody does. */
const notVerified = ({ operation }: VerifyForm, partner: string) =>
  new FatalError('NOT_VERIFIED', `${operation} at ${partner} does not show the intended state`, {
    hint: 'Wire the second output to what is done about it, or look at the case.',
    context: { partner, operation },
  });
