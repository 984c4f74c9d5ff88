/** Source: one run for every alert of its channel that fires. */
import type { NodeAPI } from 'node-red';
import { defineNode } from '../common/define';
import { alertInForm } from './form';
import { migrations } from './migrations';

export = function alertIn(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-alert-in',
    form: alertInForm,
    migrations,
    start({ node, ref, form, engine, onClose }) {
      const { channel, rules, regions, severity } = form;
      onClose(
        engine.registerSource({
          kind: 'alert-in',
          node: ref,
          ...{ channel, rules, regions, severity },
          deliver: (message) => node.send(message),
        }),
      );
      return undefined;
    },
  });
};
