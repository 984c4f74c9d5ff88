/** What holds for every merge, whatever the three states are. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FlowNode } from '../../lib/flowfiles/format';
import { conflictKey, isOpen, type Side } from '../../lib/flowfiles/merge/conflicts';
import { type MergeInput, type MergeResult, mergeFlows } from '../../lib/flowfiles/merge/merge';
import { idsIn, outputsOf } from '../../lib/flowfiles/merge/properties';

const ids = ['a', 'b', 'c', 'd', 'in', 'out', 'other'];
const few = fc.constantFrom('1', '2', '3');
const targets = fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 });

type Draft = Record<string, unknown> | null;
const draft: fc.Arbitrary<Draft> = fc.option(
  fc.record(
    {
      rule: few,
      to: few,
      table: fc.array(fc.record({ when: few, then: few }, { noNullPrototype: true }), { maxLength: 2 }),
      wires: fc.array(targets, { maxLength: 3 }),
      links: fc.uniqueArray(fc.constantFrom('in', 'elsewhere'), { maxLength: 2 }),
    },
    { requiredKeys: ['wires', 'links'], noNullPrototype: true },
  ),
  { freq: 4 },
);
const settings = fc.dictionary(fc.constantFrom('LIMIT', 'DAYS', 'CARRIER'), few);

interface Drafts {
  nodes: Record<string, Draft>;
  env: Record<string, string>;
}
const drafts: fc.Arbitrary<Drafts> = fc.record({
  nodes: fc.record(Object.fromEntries(ids.map((id) => [id, draft]))),
  env: settings,
});

/** As the editor saves it: no wire to nowhere, both ends of a link agree. */
function flowOf({ nodes, env }: Drafts): FlowNode[] {
  const here = (id: string) => nodes[id] !== null;
  const kept = Object.entries(nodes).flatMap(([id, made]) => {
    if (made === null) return [];
    const { links, wires, ...rest } = made;
    const placed = { id, z: 't', x: 1, y: 1 };
    const to = idsIn(links).filter((link) => link === 'elsewhere' || here(link));
    if (id === 'out') return [{ ...placed, type: 'link out', links: to, wires: [] }];
    const outputs = (wires as string[][]).map((output) => output.filter((target) => here(target)));
    if (id !== 'in') return [{ ...placed, type: 'change', ...rest, wires: outputs }];
    const from = nodes.out && idsIn(nodes.out.links).includes('in') ? ['out'] : [];
    return [{ ...placed, type: 'link in', links: from, wires: outputs }];
  });
  const variables = Object.entries(env).map(([name, value]) => ({ name, value, type: 'str' }));
  return [{ id: 't', type: 'tab', label: 'Flow', env: variables }, ...kept];
}

/** A side keeps much of the base, so that all kinds of agreement happen. */
const sideOf = (base: Drafts): fc.Arbitrary<FlowNode[]> =>
  fc
    .tuple(drafts, fc.array(fc.constantFrom(...ids, 'env'), { maxLength: 4 }))
    .map(([other, changed]) => ({
      nodes: Object.fromEntries(
        ids.map((id) => [id, (changed.includes(id) ? other : base).nodes[id] ?? null] as const),
      ),
      env: changed.includes('env') ? other.env : base.env,
    }))
    .map(flowOf);

const states = drafts.chain((base) => fc.tuple(fc.constant(flowOf(base)), sideOf(base), sideOf(base)));

const sorted = (nodes: readonly FlowNode[]): FlowNode[] => [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Sets have no order. */
const plain = (nodes: readonly FlowNode[]): unknown[] =>
  sorted(nodes).map((node) => ({
    ...node,
    ...(Array.isArray(node.env) && {
      env: [...(node.env as { name: string }[])].sort((a, b) => (a.name < b.name ? -1 : 1)),
    }),
    ...(Array.isArray(node.links) && { links: [...idsIn(node.links)].sort() }),
    wires: outputsOf(node).map((output) => [...output].sort()),
  }));

/** One side everywhere; a choice may bring up the next one. */
function chosen(input: MergeInput, side: Side): MergeResult {
  const choices = new Map<string, Side>();
  for (;;) {
    const result = mergeFlows({ ...input, choices });
    if (result.complete) return result;
    for (const conflict of result.conflicts.filter(isOpen)) choices.set(conflictKey(conflict), side);
  }
}

const mirrored: Record<string, string> = {
  CHANGED_HERE_REMOVED_THERE: 'REMOVED_HERE_CHANGED_THERE',
  REMOVED_HERE_CHANGED_THERE: 'CHANGED_HERE_REMOVED_THERE',
};

describe('every merge', () => {
  it('with an untouched region is the template', () => {
    fc.assert(
      fc.property(states, ([base, , theirs]) => {
        const { nodes, conflicts } = mergeFlows({ base, ours: base, theirs });
        assert.deepEqual(sorted(nodes), sorted(theirs));
        assert.deepEqual(conflicts, []);
      }),
    );
  });

  it('with an untouched template is the region', () => {
    fc.assert(
      fc.property(states, ([base, ours]) => {
        const { nodes, conflicts } = mergeFlows({ base, ours, theirs: base });
        assert.deepEqual(sorted(nodes), sorted(ours));
        assert.deepEqual(conflicts, []);
      }),
    );
  });

  it('of two equal sides is that side', () => {
    fc.assert(
      fc.property(states, ([base, ours]) => {
        const { nodes, conflicts } = mergeFlows({ base, ours, theirs: structuredClone(ours) });
        assert.deepEqual(sorted(nodes), sorted(ours));
        assert.deepEqual(conflicts, []);
      }),
    );
  });

  it('is the same from either side, with the names of the sides exchanged', () => {
    fc.assert(
      fc.property(states, ([base, one, other]) => {
        const there = mergeFlows({ base, ours: one, theirs: other });
        const back = mergeFlows({ base, ours: other, theirs: one });
        assert.deepEqual(
          there.conflicts.filter(isOpen).map(({ kind, ...rest }) => [kind, conflictKey(rest)]),
          back.conflicts
            .filter(isOpen)
            .map(({ kind, ...rest }) => [mirrored[kind] ?? kind, conflictKey(rest)]),
        );
        const first = chosen({ base, ours: one, theirs: other }, 'ours');
        const second = chosen({ base, ours: other, theirs: one }, 'theirs');
        assert.deepEqual(plain(first.nodes), plain(second.nodes));
      }),
    );
  });

  it('can be loaded, whatever is chosen: each id once, and nothing leads to what is not there', () => {
    fc.assert(
      fc.property(states, fc.constantFrom<Side>('ours', 'theirs'), ([base, ours, theirs], side) => {
        const { nodes } = chosen({ base, ours, theirs }, side);
        const here = new Map(nodes.map((node) => [node.id, node]));
        assert.equal(here.size, nodes.length);
        for (const node of nodes) {
          assert.ok(node.type === 'tab' || node.z === 't', node.id);
          for (const target of outputsOf(node).flat()) assert.ok(here.has(target), `${node.id} -> ${target}`);
          for (const link of idsIn(node.links)) {
            if (link === 'elsewhere') continue;
            assert.ok(idsIn(here.get(link)?.links).includes(node.id), `${node.id} ~ ${link}`);
          }
        }
      }),
    );
  });

  it('leaves its arguments as they were', () => {
    fc.assert(
      fc.property(states, ([base, ours, theirs]) => {
        const before = structuredClone([base, ours, theirs]);
        mergeFlows({ base, ours, theirs });
        assert.deepEqual([base, ours, theirs], before);
      }),
      { numRuns: 30 },
    );
  });
});
