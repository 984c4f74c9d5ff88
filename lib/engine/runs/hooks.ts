/** Joins the tracker to Node-RED: message hooks, and `handleError` of every flow, which alone knows whether a Catch node took an error. */
import type { FlowMessage } from '../api';
import type { RunTracker, RuntimeNode } from './tracker';

interface Flow {
  handleError(node: RuntimeNode, error: unknown, message?: FlowMessage, reporter?: RuntimeNode): boolean;
}
interface LiveNode extends RuntimeNode {
  _flow?: Flow;
}
interface SendEvent {
  msg: FlowMessage;
  source?: { id: string };
  destination: { id: string; node: LiveNode };
}
interface ReceiveEvent {
  msg: FlowMessage;
  destination: { id: string; node: LiveNode };
}
interface CompleteEvent {
  msg: FlowMessage;
  node: { id: string };
}

/** `RED.hooks`: every callback declares exactly one parameter, otherwise Node-RED waits for a second one for ever. */
export interface Hooks {
  add(name: string, callback: (event: never) => unknown): void;
  remove(name: string): void;
}

export function attachHooks(hooks: Hooks, tracker: RunTracker): () => void {
  const wrapped = new WeakSet<Flow>();
  hooks.add('preDeliver.reroute', (event: SendEvent) =>
    tracker.sending(event.msg, event.destination.node, event.source?.id),
  );
  hooks.add('onReceive.reroute', (event: ReceiveEvent) => {
    const flow = event.destination.node._flow;
    if (flow && !wrapped.has(flow)) {
      wrapped.add(flow);
      watchErrors(flow, tracker);
    }
    tracker.received(event.msg, event.destination.node);
  });
  hooks.add('postReceive.reroute', (event: ReceiveEvent) =>
    tracker.handlerReturned(event.msg, event.destination.node),
  );
  hooks.add('onComplete.reroute', (event: CompleteEvent) => tracker.completed(event.msg, event.node.id));
  return () => hooks.remove('*.reroute');
}

function watchErrors(flow: Flow, tracker: RunTracker): void {
  const original = flow.handleError.bind(flow);
  flow.handleError = (node, error, message, reporter) => {
    const handled = original(node, error, message, reporter);
    tracker.errored(message, node, error, handled);
    return handled;
  };
}
