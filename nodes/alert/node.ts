/** Raises an alert on the business or the technical channel, once for each cause, or ends it. */
import type { NodeAPI } from 'node-red';
import type { FlowMessage } from '../../lib/engine/api';
import { compileExpression, type Evaluate } from '../../lib/engine/expressions';
import { defineNode } from '../common/define';
import { alertForm } from './form';
import { migrations } from './migrations';

export = function alert(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-alert',
    form: alertForm,
    migrations,
    start({ ref, form, engine, status }) {
      const { channel, severity, title, action } = form;
      const wordsOf = form.message === '' ? undefined : compileExpression(form.message, 'the message');
      const keyOf = form.key === '' ? undefined : compileExpression(form.key, 'the key');
      // The node that raised it names the cause, also where another one ends it.
      const node = form.of === '' ? ref : { ...ref, id: form.of };
      return async (message, send) => {
        const { id, outcome } = await engine.alert(message, {
          ...{ node, kind: channel, severity, title },
          message: (await textOf(wordsOf, message)) || title,
          key: await textOf(keyOf, message),
          resolve: action === 'resolve',
        });
        message.alert = { id, outcome };
        status.show(outcome === 'resolved' ? 'ok' : 'attention', RED._(`alert.status.${outcome}`));
        send(message);
      };
    },
  });
};

async function textOf(read: Evaluate | undefined, message: FlowMessage): Promise<string> {
  const value = read ? await read(message) : undefined;
  return value === undefined || value === null ? '' : String(value);
}
