/** The mode of a flow: an environment variable of its tab, or of a subflow around the node, which Node-RED looks up from the inside out. */
import type { NodeAPI } from 'node-red';
import { type PartnerMode, partnerModes } from '../../lib/engine/api';
import { FatalError } from '../../lib/model/errors';
import type { RuntimeNode } from './runtime';

/** Set it on a tab, in its properties under environment variables. */
export const flowModeVariable = 'REROUTE_MODE';

/**
 * Undefined where the flow says nothing: then the partner's mode counts alone.
 * @throws FatalError FLOW_MODE: a word that is no mode must not become one by chance
 */
export function flowModeOf(RED: NodeAPI, node: RuntimeNode): PartnerMode | undefined {
  // The published types do not have it: https://nodered.org/docs/api/modules/v/1.3/@node-red_util_util.html
  const { getSetting } = RED.util as unknown as { getSetting?: (node: object, name: string) => unknown };
  const value = getSetting?.(node, flowModeVariable);
  if (value === undefined || value === null || value === '') return undefined;
  const mode = partnerModes.find((one) => one === value);
  if (mode) return mode;
  throw new FatalError('FLOW_MODE', `${flowModeVariable} of the flow is ${JSON.stringify(value)}`, {
    hint: `Set it to ${partnerModes.join(', ')}, or remove it, in the properties of the tab or subflow.`,
  });
}
