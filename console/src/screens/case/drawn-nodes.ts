/** The nodes of a flow file that have a place on the canvas, with what leads from one to the next. */
import type { DrawnNode } from '../../api/types';

export function drawnNodes(nodes: unknown[]): DrawnNode[] {
  return nodes.flatMap((node) => {
    if (typeof node !== 'object' || node === null) return [];
    const { id, type, name, x, y, wires, links } = node as Record<string, unknown>;
    if (typeof id !== 'string' || typeof type !== 'string' || typeof x !== 'number' || typeof y !== 'number')
      return [];
    // A link node leads on without a wire.
    const onwards = [...lists(wires), ...(type === 'link out' ? lists([links]) : [])];
    return [{ id, type, name: typeof name === 'string' ? name : '', x, y, wires: onwards }];
  });
}

function lists(value: unknown): string[][] {
  if (!Array.isArray(value)) return [];
  return value.map((item) => (Array.isArray(item) ? item.filter((id) => typeof id === 'string') : []));
}
