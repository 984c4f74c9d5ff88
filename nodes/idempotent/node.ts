/** Lets a key through once. A repeated attempt of the same run counts as the first time, so that a retry is not swallowed. */
import type { NodeAPI } from 'node-red';
import { compileExpression } from '../../lib/engine/expressions';
import { FatalError } from '../../lib/model/errors';
import { defineNode } from '../common/define';
import { sendOn } from '../common/runtime';
import { idempotentForm } from './form';
import { migrations } from './migrations';

export = function idempotent(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-idempotent',
    form: idempotentForm,
    migrations,
    start({ ref, form, engine, status }) {
      const keyOf = compileExpression(form.key, 'the key');
      return async (message, send) => {
        const key = textOf(await keyOf(message));
        const first = await engine.firstTime(message, ref, key);
        if (first) status.clear();
        else status.show('attention', RED._('idempotent.status.duplicate'));
        sendOn(send, first ? 0 : 1, message);
      };
    },
  });
};

/** Without a key nothing can be told apart: letting it through might act twice, dropping it might lose it. */
function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    throw new FatalError('NO_KEY', 'the key expression gives nothing for this message', {
      hint: 'Correct the expression, or route messages without that field elsewhere.',
    });
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
