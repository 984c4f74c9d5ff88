/** Sets a message aside with its reason: it can be repaired and replayed, and the run goes on without it. */
import type { NodeAPI } from 'node-red';
import type { FlowMessage } from '../../lib/engine/api';
import { compileExpression } from '../../lib/engine/expressions';
import { defineNode } from '../common/define';
import { deadLetterForm } from './form';
import { migrations } from './migrations';

export = function deadLetter(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-dead-letter',
    form: deadLetterForm,
    migrations,
    start({ ref, form, engine, status }) {
      const wordsOf = form.message === '' ? undefined : compileExpression(form.message, 'the message');
      return async (message) => {
        const words = wordsOf ? await wordsOf(message) : caughtWords(message);
        await engine.deadLetter(message, ref, {
          code: form.code,
          message: words === undefined || words === '' ? form.code : String(words),
        });
        status.show('attention', form.code);
      };
    },
  });
};

/** A Catch node puts what it caught into `msg.error`. */
function caughtWords(message: FlowMessage): unknown {
  const { error } = message as { error?: { message?: unknown } };
  return error?.message;
}
