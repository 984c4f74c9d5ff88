/** Checks of what flows mean: partners, policies, descriptions, proof after the pivot. Pure. */
import { checkTable, policyDraft } from '../../engine/policy-check';
import type { PolicyIssue } from '../../model/policy';

import type { Finding } from './finding';
import { type FlowGraph, reachable } from './graph';
import type { Report } from './structure';

const isReference = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !value.startsWith('${');

/** Nodes of ours that name a partner; a setting of the tab (`${NAME}`) is known only when it runs. */
export function checkPartners({ byId }: FlowGraph, report: Report): Finding[] {
  return [...byId.values()].flatMap((node) =>
    node.type === 'reroute-partner' || node.type === 'reroute-replay' || !node.type.startsWith('reroute-')
      ? []
      : (['partner', 'alsoPartner'] as const).flatMap((property): Finding[] => {
          const id = node[property];
          if (!isReference(id) || byId.get(id)?.type === 'reroute-partner') return [];
          return [
            report(
              node,
              'error',
              'PARTNER_MISSING',
              `it names the partner ${id}, which does not exist`,
              property,
            ),
          ];
        }),
  );
}

/** `exception in` filters by partner id, not by node: a name that nobody has lets nothing through. */
export function checkPartnerFilters({ byId }: FlowGraph, report: Report): Finding[] {
  const ids = new Set([...byId.values()].map(({ partnerId }) => partnerId));
  return [...byId.values()].flatMap((node) => {
    if (node.type !== 'reroute-exception-in') return [];
    const { partners } = node;
    const names: unknown[] =
      typeof partners === 'string' ? partners.split(/[\s,]+/) : Array.isArray(partners) ? partners : [];
    return names.flatMap((name): Finding[] =>
      !isReference(name) || ids.has(name)
        ? []
        : [
            report(
              node,
              'warning',
              'PARTNER_MISSING',
              `it takes exceptions of ${name}, which no partner is called`,
              'partners',
            ),
          ],
    );
  });
}

/** What the policy form says while the table is edited: unreachable rows are errors, gaps and crossing rows warnings. */
export function checkPolicies({ byId }: FlowGraph, report: Report): Finding[] {
  return [...byId.values()].flatMap((node) => {
    if (node.type !== 'reroute-policy') return [];
    const draft = policyDraft.safeParse({ table: node.table, expressions: node.expressions ?? {} });
    if (!draft.success)
      return [
        report(node, 'error', 'POLICY_INVALID', 'its expressions are no texts by input', 'expressions'),
      ];
    return gathered(checkTable(draft.data)).map(({ kind, severity, message }) =>
      report(
        node,
        severity === 'error' ? 'error' : 'warning',
        `POLICY_${kind.toUpperCase()}`,
        message,
        'table',
      ),
    );
  });
}

/** Rows that cross come in pairs, many of them: one sentence for all, with the first as the example. */
function gathered(issues: PolicyIssue[]): PolicyIssue[] {
  const crossing = issues.filter(({ kind }) => kind === 'overlap');
  const [first] = crossing;
  if (first === undefined || crossing.length === 1) return issues;
  const message = `${crossing.length} pairs of rows cross and say different things, the upper row wins; the first: ${first.message}`;
  return [...issues.filter(({ kind }) => kind !== 'overlap'), { ...first, message }];
}

export function checkDescriptions({ byId }: FlowGraph, report: Report): Finding[] {
  return [...byId.values()].flatMap((node): Finding[] =>
    node.type !== 'tab' || (typeof node.info === 'string' && node.info.trim() !== '')
      ? []
      : [
          report(
            node,
            'warning',
            'DESCRIPTION_MISSING',
            'the tab does not say what it does, which partners it needs and what may be changed',
            'info',
          ),
        ],
  );
}

const actionTypes = new Set(
  ['carrier', 'wms', 'erp', 'tms', 'storefront', 'desk', 'edi'].map((kind) => `reroute-${kind}`),
);

/**
 * After the pivot there is only a way forward, so what was done there is proved by reading it back. Looked at along the ways
 * of success; what goes to a person is not.
 */
export function checkProof(graph: FlowGraph, report: Report): Finding[] {
  const nodes = [...graph.byId.values()];
  const isVerify = (id: string): boolean => graph.byId.get(id)?.type === 'reroute-verify';
  const success = reachableBySuccess(graph);
  const pivots = nodes.filter(({ pivot, type }) => pivot === true && actionTypes.has(type));
  const after = success(
    pivots.map(({ id }) => id),
    (id) => !isVerify(id),
  );
  return nodes.flatMap((node): Finding[] => {
    if (!after.has(node.id) || !actionTypes.has(node.type)) return [];
    if ([...success([node.id], () => true)].some(isVerify)) return [];
    return [
      report(
        node,
        'warning',
        'EFFECT_UNVERIFIED',
        'it acts after the pivot, and no verify node reads back what became of it',
      ),
    ];
  });
}

function reachableBySuccess(graph: FlowGraph) {
  return (starts: string[], through: (id: string) => boolean): Set<string> =>
    reachable(
      graph,
      starts,
      ({ from, output }) => through(from.id) && (output <= 0 || !actionTypes.has(from.type)),
    );
}
