/** Checks of what is connected to what: wires, links, subflows, tabs, node types. Pure. */
import type { FlowNode } from '../format';
import type { Finding } from './finding';
import { connections, type FlowGraph, reachable, type Wire } from './graph';

export type Report = (
  node: FlowNode,
  severity: Finding['severity'],
  code: string,
  message: string,
  property?: string,
) => Finding;

const homeOf = ({ id, type, z }: FlowNode): string | undefined =>
  type === 'tab' || type === 'subflow' ? id : z;

export function checkWires({ wires, links, byId }: FlowGraph, report: Report): Finding[] {
  const dangling = (wire: Wire): Finding[] => {
    const target = byId.get(wire.to);
    const where = wire.output < 0 ? 'links' : `wires.${wire.output}`;
    if (target === undefined)
      return [
        report(
          wire.from,
          'error',
          'DANGLING_WIRE',
          `${sideOf(wire)} leads to ${wire.to}, which does not exist`,
          where,
        ),
      ];
    if (wire.output < 0)
      return target.type === 'link in'
        ? []
        : [
            report(
              wire.from,
              'error',
              'DANGLING_WIRE',
              `the link leads to ${wire.to}, which is no link in`,
              where,
            ),
          ];
    return homeOf(target) === wire.from.z
      ? []
      : [
          report(
            wire.from,
            'error',
            'DANGLING_WIRE',
            `${sideOf(wire)} leads to ${wire.to} on another tab`,
            where,
          ),
        ];
  };
  const ports = [...byId.values()]
    .filter(({ type }) => type === 'subflow')
    .flatMap((subflow) =>
      (['in', 'out'] as const).flatMap((side) =>
        connections(subflow, side).flatMap((id) =>
          // An input may lead straight to an output: then it names the subflow itself.
          id === subflow.id || byId.get(id)?.z === subflow.id
            ? []
            : [
                report(
                  subflow,
                  'error',
                  'DANGLING_WIRE',
                  `its ${side}put leads to ${id}, which is not in it`,
                  side,
                ),
              ],
        ),
      ),
    );
  return [...wires.flatMap(dangling), ...links.flatMap(dangling), ...ports];
}

const sideOf = ({ output }: Wire): string => (output < 0 ? 'the link' : `output ${output + 1}`);

/** Node-RED starts no flow at all while one type is missing. */
export function checkTypes({ byId }: FlowGraph, types: ReadonlySet<string>, report: Report): Finding[] {
  return [...byId.values()].flatMap((node): Finding[] => {
    if (node.type === 'tab' || node.type === 'subflow' || node.type === 'group') return [];
    if (node.type.startsWith('subflow:'))
      return byId.get(node.type.slice('subflow:'.length))?.type === 'subflow'
        ? []
        : [
            report(
              node,
              'error',
              'UNKNOWN_SUBFLOW',
              'it is an instance of a subflow that does not exist',
              'type',
            ),
          ];
    return types.has(node.type)
      ? []
      : [report(node, 'error', 'UNKNOWN_TYPE', `there is no node type ${node.type}`, 'type')];
  });
}

export function checkHomes({ byId }: FlowGraph, report: Report): Finding[] {
  return [...byId.values()].flatMap((node): Finding[] => {
    if (node.z === undefined || node.z === '') return [];
    const home = byId.get(node.z);
    return home?.type === 'tab' || home?.type === 'subflow'
      ? []
      : [report(node, 'error', 'ORPHAN_NODE', `it stands on ${node.z}, which is no tab or subflow`, 'z')];
  });
}

/** Two nodes of one id: Node-RED would run one of them only. */
export function checkIds(nodes: readonly FlowNode[], report: Report): Finding[] {
  const seen = new Set<string>();
  return nodes.flatMap((node): Finding[] => {
    if (!seen.has(node.id)) {
      seen.add(node.id);
      return [];
    }
    return [report(node, 'error', 'DUPLICATE_ID', `the id ${node.id} is given twice`, 'id')];
  });
}

/** Nodes that no message ever comes to. */
export function checkReachable(graph: FlowGraph, report: Report): Finding[] {
  const reached = reachable(graph, graph.roots);
  return [...graph.byId.values()].flatMap((node): Finding[] => {
    const drawn = Array.isArray(node.wires) && node.z !== undefined && node.z !== '';
    if (!drawn || node.type === 'comment' || reached.has(node.id)) return [];
    return [report(node, 'warning', 'UNREACHABLE', 'no message ever comes here: nothing leads to it')];
  });
}
