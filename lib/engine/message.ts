/** The message that flows carry, the node a call comes from, and in which mode it acts. */

/** A Node-RED message. `reroute` is the engine's tag; flows leave it alone. */
export interface FlowMessage {
  _msgid?: string;
  payload?: unknown;
  reroute?: RunTag;
  [property: string]: unknown;
}

/** Small and clonable, so that it survives every copy Node-RED makes of a message. */
export interface RunTag {
  runId: string;
  /** A message of an earlier attempt that turns up later is dropped. */
  generation: number;
  /** 1 on the first try; flows may read it. */
  attempt: number;
  correlationId: string;
  /** Version of the plan that effects belong to: a reopened case acts anew, a repeated attempt does not. */
  plan: string;
  /** An action of this plan was only observed: what follows is observed, too. */
  observed?: boolean;
  /** How often a verification of this plan has failed: what was only accepted is doubted from then on. */
  verifyFailures?: number;
  /** When a verify node first read, epoch ms, while it waits for the next read. */
  verifyingSince?: number;
}

/** The node a call comes from: names it in traces, effects and dead letters. */
export interface NodeRef {
  id: string;
  type: string;
  name?: string;
  /** Tab or subflow. */
  z: string;
  /** Of its flow, where the flow has one: the stricter of this and the partner's counts. */
  mode?: PartnerMode;
}

/** From the strictest on. */
export const partnerModes = ['observe', 'assist', 'automate'] as const;
export type PartnerMode = (typeof partnerModes)[number];

/** The first of the list that any of them names. */
export function strictest(...modes: (PartnerMode | undefined)[]): PartnerMode {
  return partnerModes.find((mode) => modes.includes(mode)) ?? 'automate';
}
