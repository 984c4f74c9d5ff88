/** Nodes at which a message may be parked: where it goes on, in this process or another, days later. */
import type { FlowMessage, Resumption } from '../../lib/engine/api';
import type { NodeContext } from './define';

/**
 * Registers the node as a resume point. A message that re-enters by the input is handled again by the node itself; one that
 * goes on at the output is handed to `onOutput`.
 */
export function resumeAt<F>(
  context: NodeContext<F>,
  onOutput?: (message: FlowMessage, resumption: Resumption) => void,
): void {
  const { engine, node, ref, onClose } = context;
  const resume = (message: FlowMessage, resumption: Resumption): void => {
    if (resumption.reenter === 'output' && onOutput) onOutput(message, resumption);
    else node.receive(message);
  };
  onClose(engine.registerSource({ kind: 'resume', node: ref, resume }));
}
