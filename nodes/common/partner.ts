/** From a node's `partner` field (the id of a config node) to the partner's name. */
import type { NodeAPI } from 'node-red';
import { FatalError } from '../../lib/model/errors';
import type { RuntimeNode } from './runtime';

export interface PartnerNode extends RuntimeNode {
  partnerId?: string;
}

/** @throws FatalError NO_PARTNER when the config node is gone, disabled or wrongly configured */
export function partnerIdOf(RED: NodeAPI, configNodeId: string): string {
  const partner = RED.nodes.getNode(configNodeId) as unknown as PartnerNode | null;
  if (!partner?.partnerId) {
    throw new FatalError('NO_PARTNER', 'the node names a partner that is not configured', {
      hint: 'Open the node, choose a partner and deploy.',
    });
  }
  return partner.partnerId;
}
