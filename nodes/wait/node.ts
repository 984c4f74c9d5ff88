/** Parks the message in the ledger and frees the worker; it goes on from here when the timer fires, the signal comes or a person decides. */
import type { NodeAPI } from 'node-red';
import type { FlowMessage, Resumption, WaitRequest } from '../../lib/engine/api';
import { compileExpression, type Evaluate } from '../../lib/engine/expressions';
import { FatalError } from '../../lib/model/errors';
import { durationMs } from '../common/config';
import { defineNode } from '../common/define';
import { resumeAt } from '../common/resume';
import { type RuntimeNode, sendOn } from '../common/runtime';
import { type WaitForm, waitForm } from './form';
import { migrations } from './migrations';

export = function wait(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-wait',
    form: waitForm,
    migrations,
    start(context) {
      const { node, ref, form, engine, status } = context;
      const keyOf = form.kind === 'signal' ? compileExpression(form.signalKey, 'the signal key') : undefined;
      resumeAt(context, (message, resumption) => {
        status.clear();
        goOn(node, form, message, resumption);
      });
      return async (message) => {
        const request: WaitRequest = { node: ref, kind: form.kind, reenter: 'output' };
        if (form.amount !== undefined) request.afterMs = durationMs(form.amount, form.unit);
        if (keyOf) request.signal = `${form.signalName}:${await keyFor(keyOf, message)}`;
        await engine.wait(message, request);
        status.show('waiting', RED._(`wait.status.${form.kind}`));
      };
    },
  });
};

function goOn(
  node: RuntimeNode,
  form: WaitForm,
  message: FlowMessage,
  { reason, payload, by }: Resumption,
): void {
  message.wait = {
    kind: form.kind,
    reason,
    ...(by === undefined ? {} : { by }),
    ...(payload === undefined ? {} : { payload }),
  };
  // A timer that fires is what was waited for; for the others the clock means that nothing came.
  const timedOut = form.kind !== 'timer' && reason !== 'signal';
  sendOn((sent) => node.send(sent), timedOut ? 1 : 0, message);
}

async function keyFor(keyOf: Evaluate, message: FlowMessage): Promise<string> {
  const key = await keyOf(message);
  if (typeof key === 'string' && key !== '') return key;
  if (typeof key === 'number') return String(key);
  throw new FatalError('NO_KEY', 'the signal key gives neither a text nor a number for this message', {
    hint: 'Correct the expression; nothing could ever resume this message.',
  });
}
