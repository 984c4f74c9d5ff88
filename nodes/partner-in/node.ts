/** Source: one run for every delivery of a partner that the ledger has taken. */
import type { NodeAPI } from 'node-red';
import { defineNode } from '../common/define';
import { partnerIdOf } from '../common/partner';
import { partnerInForm } from './form';
import { migrations } from './migrations';

export = function partnerIn(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-partner-in',
    form: partnerInForm,
    migrations,
    start({ node, ref, form, engine, onClose }) {
      const partnerId = partnerIdOf(RED, form.partner);
      onClose(
        engine.registerSource({
          kind: 'partner-in',
          partnerId,
          node: ref,
          deliver: (message) => node.send(message),
        }),
      );
      return undefined;
    },
  });
};
