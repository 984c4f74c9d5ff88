/** Flow entries of the engine tests, all on the one tab that `deploy` makes. */

export const source = (...wires: string[]) => ({ id: 'in', z: 'tab', type: 'test-in', wires: [wires] });
export const sinkNode = { id: 'sink', z: 'tab', type: 'test-sink', wires: [] };

export const act = (id: string, operation: string, ...wires: string[]) => ({
  id,
  z: 'tab',
  type: 'test-act',
  operation,
  wires: [wires],
});

export const fn = (id: string, func: string, ...wires: string[][]) => ({
  id,
  z: 'tab',
  type: 'function',
  name: id,
  func,
  outputs: wires.length,
  timeout: 0,
  noerr: 0,
  initialize: '',
  finalize: '',
  libs: [],
  wires,
});
