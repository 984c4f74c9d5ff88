/** Config node: one configured instance of a connector. Its id is the name in `/in/:partner`. */
import type { NodeAPI } from 'node-red';
import { mountAdmin } from '../common/admin';
import { defineNode } from '../common/define';
import type { PartnerNode } from '../common/partner';
import { partnerConfigOf, partnerForm } from './form';
import { migrations } from './migrations';

export = function partner(RED: NodeAPI): void {
  mountAdmin(RED);
  defineNode(RED, {
    type: 'reroute-partner',
    form: partnerForm,
    migrations,
    start({ node, form, engine, onClose }) {
      (node as PartnerNode).partnerId = form.partnerId;
      onClose(engine.registerPartner(partnerConfigOf(form)));
      return undefined;
    },
  });
};
