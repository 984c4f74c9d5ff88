/** What Reroute's process hands to its nodes through Node-RED's settings: `RED.settings.reroute`. */
import type { NodeAPI } from 'node-red';
import type { Connector } from '../../lib/connectors/kit/connector';
import { generatedConnectors } from '../../lib/connectors/registry.gen';
import type { FlowMessage, NodeEngine, NodeRef } from '../../lib/engine/api';
import { FatalError } from '../../lib/model/errors';

export interface RerouteRuntime {
  engine: NodeEngine;
  /** What the partner form and the operation lists offer: every connector found by folder, unless said otherwise. */
  connectors: readonly Connector[];
}

/** The parts of a Node-RED runtime node that ours use; the published types leave out `wires`. */
export interface RuntimeNode {
  id: string;
  type: string;
  z: string;
  name?: string;
  /** Ids of the nodes behind each output. */
  wires?: string[][];
  send(message: FlowMessage | (FlowMessage | null)[]): void;
  receive(message: FlowMessage): void;
  status(status: { fill?: string; shape?: string; text?: string }): void;
  error(error: unknown, message?: FlowMessage): void;
  warn(text: string): void;
  on(event: 'input', handler: (message: FlowMessage, send: Send, done: Done) => void): unknown;
  on(event: 'close', handler: (done: () => void) => void): unknown;
}
export type Send = (message: FlowMessage | (FlowMessage | null)[]) => void;
export type Done = (error?: Error) => void;

/** @throws FatalError NO_ENGINE when Node-RED was not started by Reroute */
export function runtimeOf(RED: NodeAPI): RerouteRuntime {
  const { reroute } = RED.settings as { reroute?: Partial<RerouteRuntime> };
  if (!reroute?.engine) {
    throw new FatalError(
      'NO_ENGINE',
      'this Node-RED was not started by Reroute, so its nodes have no engine',
      {
        hint: 'Start it with `reroute start`; the nodes do not work in a plain Node-RED.',
      },
    );
  }
  return { engine: reroute.engine, connectors: reroute.connectors ?? generatedConnectors };
}

/** @throws FatalError NO_ENGINE when Node-RED was not started by Reroute */
export function engineOf(RED: NodeAPI): NodeEngine {
  return runtimeOf(RED).engine;
}

export function refOf(node: RuntimeNode): NodeRef {
  return { id: node.id, type: node.type, z: node.z, ...(node.name ? { name: node.name } : {}) };
}

/** Whether anything listens to an output: what nobody takes becomes an error of the run instead of vanishing. */
export function isWired(node: RuntimeNode, output: number): boolean {
  return (node.wires?.[output]?.length ?? 0) > 0;
}

/** Sends one message on one output of a node that has several. */
export function sendOn(send: Send, output: number, message: FlowMessage): void {
  if (output === 0) {
    send(message);
    return;
  }
  const outputs: (FlowMessage | null)[] = new Array<FlowMessage | null>(output).fill(null);
  outputs.push(message);
  send(outputs);
}
