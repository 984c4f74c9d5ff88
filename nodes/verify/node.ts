/** Reads back from the system that owns the outcome: a 2xx was a promise, this is the proof. Reads again until it shows or time is up. */
import type { NodeAPI } from 'node-red';
import { compileExpression, compileMapping } from '../../lib/engine/expressions';
import { durationMs } from '../common/config';
import { defineNode } from '../common/define';
import { partnerIdOf } from '../common/partner';
import { resumeAt } from '../common/resume';
import { sendOn } from '../common/runtime';
import { verifyForm } from './form';
import { migrations } from './migrations';

export = function verify(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-verify',
    form: verifyForm,
    migrations,
    start(context) {
      const { ref, form, engine, status } = context;
      const inputOf = compileMapping(form.input);
      compileExpression(form.expect, 'the expectation');
      const everyMs = durationMs(form.every ?? 1, form.everyUnit);
      const withinMs = durationMs(form.within ?? 1, form.withinUnit);
      // Between two reads the message is parked; it enters here again.
      resumeAt(context);
      return async (message, send) => {
        const partnerId = partnerIdOf(RED, form.partner);
        const request = {
          node: ref,
          partnerId,
          operation: form.operation,
          input: await inputOf(message),
          expect: form.expect,
          everyMs,
          withinMs,
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
        message.verification =
          outcome.kind === 'verified'
            ? { verified: true }
            : { verified: false, failures: outcome.failures, manual: outcome.manual };
        if (outcome.kind === 'verified') status.show('ok', RED._('verify.status.verified'));
        else
          status.show('attention', RED._(outcome.manual ? 'verify.status.manual' : 'verify.status.failed'));
        sendOn(send, outcome.kind === 'verified' ? 0 : 1, message);
      };
    },
  });
};
