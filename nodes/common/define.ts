/** Joins a node to Node-RED: reads its form once, hands it the engine, and turns what it throws into `done(error)`. */
import type { NodeAPI } from 'node-red';
import type { z } from 'zod';
import type { FlowMessage, NodeEngine, NodeRef } from '../../lib/engine/api';
import { isRerouteError } from '../../lib/model/errors';
import { parseForm } from './config';
import type { Migration, Properties } from './migrate';
import { flowModeOf } from './mode';
import { type RuntimeNode, refOf, runtimeOf, type Send } from './runtime';
import { StatusLine } from './status';

export interface NodeContext<F> {
  RED: NodeAPI;
  node: RuntimeNode;
  ref: NodeRef;
  form: F;
  engine: NodeEngine;
  status: StatusLine;
  /** Runs when the node is stopped or redeployed. */
  onClose(undo: () => void): void;
}

/** Handles one message; what it throws or rejects with fails the message. */
export type InputHandler = (message: FlowMessage, send: Send) => void | Promise<void>;

export interface NodeDefinition<F> {
  /** As in flow files: `reroute-…`. */
  type: string;
  form: z.ZodType<F>;
  migrations: readonly Migration[];
  /** Called once a deploy. A node without an input answers nothing. */
  start(context: NodeContext<F>): InputHandler | undefined;
}

export function defineNode<F>(RED: NodeAPI, definition: NodeDefinition<F>): void {
  const register = RED.nodes.registerType as unknown as (
    type: string,
    construct: (this: RuntimeNode, properties: Properties) => void,
  ) => void;
  const create = RED.nodes.createNode as unknown as (node: RuntimeNode, properties: Properties) => void;
  register(definition.type, function construct(this: RuntimeNode, properties: Properties): void {
    create(this, properties);
    startNode(RED, definition, this, properties);
  });
}

function startNode<F>(
  RED: NodeAPI,
  definition: NodeDefinition<F>,
  node: RuntimeNode,
  properties: Properties,
): void {
  const undo: (() => void)[] = [];
  const status = new StatusLine(node);
  try {
    const handler = definition.start({
      RED,
      node,
      status,
      ref: withMode(refOf(node), flowModeOf(RED, node)),
      form: parseForm(properties, definition.form, definition.migrations),
      engine: runtimeOf(RED).engine,
      onClose: (step) => undo.push(step),
    });
    if (handler) listen(node, status, handler);
  } catch (error) {
    refuseAll(node, status, asError(error));
  }
  node.on('close', (done) => {
    for (const step of undo.reverse()) step();
    done();
  });
}

function withMode(ref: NodeRef, mode: NodeRef['mode']): NodeRef {
  return mode === undefined ? ref : { ...ref, mode };
}

function listen(node: RuntimeNode, status: StatusLine, handler: InputHandler): void {
  node.on('input', (message, send, done) => {
    const fail = (reason: unknown) => {
      const error = asError(reason);
      status.show('failed', error.message);
      done(error);
    };
    try {
      const handled = handler(message, send);
      if (handled === undefined) done();
      else handled.then(() => done(), fail);
    } catch (error) {
      fail(error);
    }
  });
}

/** A node that cannot start says why and fails every message: its runs end as dead letters with that reason, none is swallowed. */
function refuseAll(node: RuntimeNode, status: StatusLine, error: Error): void {
  status.show('invalid', error.message);
  node.error(withHint(error));
  node.on('input', (_message, _send, done) => done(error));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function withHint(error: Error): string {
  return isRerouteError(error) && error.hint ? `${error.message}. ${error.hint}` : error.message;
}
