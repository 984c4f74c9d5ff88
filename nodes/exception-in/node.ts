/** Source: one run for every case command whose case matches. */
import type { NodeAPI } from 'node-red';
import { defineNode } from '../common/define';
import { exceptionInForm } from './form';
import { migrations } from './migrations';

export = function exceptionIn(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-exception-in',
    form: exceptionInForm,
    migrations,
    start({ node, ref, form, engine, onClose }) {
      const { codes, regions, partners, updates } = form;
      onClose(
        engine.registerSource({
          kind: 'exception-in',
          node: ref,
          codes,
          regions,
          partners,
          updates,
          deliver: (message) => node.send(message),
        }),
      );
      return undefined;
    },
  });
};
