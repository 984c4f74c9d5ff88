/** Small flows for the tests of flow files. */
import fc from 'fast-check';
import type { FlowNode } from '../../lib/flowfiles/format';

export const tab = (id: string, more: Partial<FlowNode> = {}): FlowNode => ({
  id,
  type: 'tab',
  label: id,
  info: 'what it does',
  ...more,
});

export const node = (
  id: string,
  type: string,
  z: string,
  wires: string[][] = [],
  more: object = {},
): FlowNode => ({
  id,
  type,
  z,
  x: 10,
  y: 20,
  wires,
  ...more,
});

export const partner: FlowNode = {
  id: 'partner-erp',
  type: 'reroute-partner',
  partnerId: 'erp',
  connector: 's4hana',
  secrets: { password: 'env:ERP_PASSWORD' },
};

/** A tab that is right in every way. */
export function soundFlow(id = 'late'): FlowNode[] {
  return [
    tab(id),
    node(`${id}.in`, 'reroute-exception-in', id, [[`${id}.act`]]),
    node(`${id}.act`, 'reroute-erp', id, [[`${id}.end`]], { partner: 'partner-erp', operation: 'x' }),
    node(`${id}.end`, 'debug', id),
  ];
}

const values = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.string(),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 3 }),
);

/** Nodes of one tab with unique ids and arbitrary further properties. */
export const anyNodes: fc.Arbitrary<FlowNode[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 6 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            type: fc.constantFrom('function', 'switch', 'reroute-wait', 'comment', 'link in'),
            x: fc.integer({ min: 0, max: 3 }),
            wires: fc.array(fc.array(fc.constantFrom('n1', 'n2')), { maxLength: 2 }),
            more: fc.dictionary(fc.constantFrom('rules', 'func', 'name', 'später', 'info'), values, {
              maxKeys: 3,
            }),
          })
          .map(({ type, x, wires, more }): FlowNode => {
            const { name, ...rest } = more;
            return {
              id: `n${id}`,
              type,
              z: 'tab',
              x,
              wires,
              ...rest,
              ...(typeof name === 'string' ? { name } : {}),
            };
          }),
      ),
    ),
  );
