/** The merge matrix: what becomes of a node, a property, a wire and a place, by who changed what. */
import assert from 'node:assert/strict';
import type { FlowNode } from '../../lib/flowfiles/format';
import { conflictKey, isOpen, type Side } from '../../lib/flowfiles/merge/conflicts';
import { type MergeRules, mergeFlows } from '../../lib/flowfiles/merge/merge';

const tab: FlowNode = { id: 't', type: 'tab', label: 'Flow', env: [] };
const node = (id: string, more: Record<string, unknown> = {}): FlowNode => ({
  ...{ id, type: 'change', z: 't', name: id, x: 10, y: 10, wires: [[]] },
  ...more,
});

interface Merged {
  nodes: Record<string, FlowNode>;
  conflicts: string[];
  complete: boolean;
}

function merge(
  base: FlowNode[],
  ours: FlowNode[],
  theirs: FlowNode[],
  choices: Record<string, Side> = {},
  rules?: Partial<Record<keyof MergeRules, string[]>>,
): Merged {
  const result = mergeFlows({
    base: [tab, ...base],
    ours: [tab, ...ours],
    theirs: [tab, ...theirs],
    choices: new Map(Object.entries(choices)),
    rules: { locked: new Set(rules?.locked), regionOwned: new Set(rules?.regionOwned) },
  });
  return {
    nodes: Object.fromEntries(result.nodes.map((one) => [one.id, one])),
    conflicts: result.conflicts.map((one) =>
      `${one.kind} ${conflictKey(one)}${isOpen(one) ? '' : ` ${one.taken ?? ''}`}`.trim(),
    ),
    complete: result.complete,
  };
}

/** One row of the matrix: what stands in base, region and template, and what comes out. */
type Row<T> = [title: string, base: T, ours: T, theirs: T, merged: T, conflicts: string[]];

describe('merging a region with a new template', () => {
  describe('a node', () => {
    const a = (text?: string) => (text === undefined ? [] : [node('a', { rule: text })]);
    const rows: Row<string | undefined>[] = [
      ['untouched on both sides stays', '1', '1', '1', '1', []],
      ['added by the region stays', undefined, '1', undefined, '1', []],
      ['added by the template comes', undefined, undefined, '1', '1', []],
      ['added alike by both is there once', undefined, '1', '1', '1', []],
      ['added differently by both is a conflict', undefined, '1', '2', '1', ['BOTH_ADDED a.rule']],
      ['removed by the region goes', '1', undefined, '1', undefined, []],
      ['removed by the template goes', '1', '1', undefined, undefined, []],
      ['removed by both goes', '1', undefined, undefined, undefined, []],
      [
        'changed by the region and removed by the template is a conflict',
        ...(['1', '2', undefined, '2'] as const),
        ['CHANGED_HERE_REMOVED_THERE a.*'],
      ],
      [
        'removed by the region and changed by the template is a conflict',
        ...(['1', undefined, '2', '2'] as const),
        ['REMOVED_HERE_CHANGED_THERE a.*'],
      ],
    ];
    for (const [title, base, ours, theirs, merged, conflicts] of rows)
      it(title, () => {
        const result = merge(a(base), a(ours), a(theirs));
        assert.equal(result.nodes.a?.rule, merged);
        assert.deepEqual(result.conflicts, conflicts);
        assert.equal(result.complete, conflicts.length === 0);
      });

    it('comes back with its wires where the choice is to keep what the region removed', () => {
      const base = [node('a', { wires: [['b']] }), node('b')];
      const ours = [node('a', { wires: [[]] })];
      const theirs = [node('a', { wires: [['b']] }), node('b', { rule: 'new' })];
      assert.equal(merge(base, ours, theirs, { 'b.*': 'ours' }).nodes.b, undefined);
      const chosen = merge(base, ours, theirs, { 'b.*': 'theirs' });
      assert.deepEqual(chosen.nodes.a?.wires, [['b']]);
      assert.equal(chosen.nodes.b?.rule, 'new');
      assert.deepEqual(chosen.conflicts, ['REMOVED_HERE_CHANGED_THERE b.* theirs']);
      assert.ok(chosen.complete);
    });

    it('counts as untouched when it only lost its wire to what went with it', () => {
      const base = [node('a', { wires: [['b']] }), node('b')];
      const result = merge(base, [], [node('a', { wires: [[]] })]);
      assert.deepEqual(Object.keys(result.nodes), ['t']);
      assert.deepEqual(result.conflicts, []);
    });

    it('that only moved is untouched', () => {
      assert.deepEqual(merge([node('a')], [node('a', { x: 500 })], []).conflicts, []);
    });
  });

  describe('a property', () => {
    const a = (text?: string) => [node('a', text === undefined ? {} : { rule: text })];
    const rows: Row<string | undefined>[] = [
      ['changed by the region stays', '1', '2', '1', '2', []],
      ['changed by the template comes', '1', '1', '2', '2', []],
      ['changed alike by both is that', '1', '2', '2', '2', []],
      ['changed differently by both is a conflict', '1', '2', '3', '2', ['BOTH_CHANGED a.rule']],
      ['added by the region stays', undefined, '1', undefined, '1', []],
      ['added by the template comes', undefined, undefined, '1', '1', []],
      ['added differently by both is a conflict', undefined, '1', '2', '1', ['BOTH_CHANGED a.rule']],
      ['removed by the region goes', '1', undefined, '1', undefined, []],
      ['removed by the template goes', '1', '1', undefined, undefined, []],
      [
        'removed by one and changed by the other is a conflict',
        ...(['1', undefined, '2', undefined] as const),
        ['BOTH_CHANGED a.rule'],
      ],
    ];
    for (const [title, base, ours, theirs, merged, conflicts] of rows)
      it(title, () => {
        const result = merge(a(base), a(ours), a(theirs));
        assert.equal(result.nodes.a?.rule, merged);
        assert.deepEqual(result.conflicts, conflicts);
      });

    it('is merged apart from the others of its node', () => {
      const at = (rule: string, to: string) => [node('a', { rule, to })];
      const result = merge(at('1', 'x'), at('2', 'x'), at('1', 'y'));
      assert.deepEqual([result.nodes.a?.rule, result.nodes.a?.to], ['2', 'y']);
      assert.deepEqual(result.conflicts, []);
    });

    for (const side of ['ours', 'theirs'] as const)
      it(`of a conflict is what was chosen: ${side}`, () => {
        const result = merge(a('1'), a('2'), a('3'), { 'a.rule': side });
        assert.equal(result.nodes.a?.rule, side === 'ours' ? '2' : '3');
        assert.deepEqual(result.conflicts, [`BOTH_CHANGED a.rule ${side}`]);
        assert.ok(result.complete);
      });

    it("that the region owns is always the region's", () => {
      const result = merge(a('1'), a('1'), a('2'), {}, { regionOwned: ['a.rule'] });
      assert.equal(result.nodes.a?.rule, '1');
      assert.deepEqual(result.conflicts, []);
    });

    it('that the region owns comes with a template that has it first', () => {
      assert.equal(merge(a(), a(), a('2'), {}, { regionOwned: ['a.rule'] }).nodes.a?.rule, '2');
    });
  });

  describe('a setting of the tab', () => {
    const settings = (values: Record<string, string>): FlowNode => ({
      ...tab,
      env: Object.entries(values).map(([name, value]) => ({ name, value, type: 'num' })),
    });
    const mergeTabs = (base: FlowNode, ours: FlowNode, theirs: FlowNode) => {
      const result = mergeFlows({ base: [base], ours: [ours], theirs: [theirs] });
      const env = result.nodes[0]?.env as { name: string; value: string }[];
      return [
        Object.fromEntries(env.map(({ name, value }) => [name, value])),
        result.conflicts.map(conflictKey),
      ];
    };

    it('is merged apart from the others', () => {
      assert.deepEqual(
        mergeTabs(
          settings({ LIMIT: '1', DAYS: '1' }),
          settings({ LIMIT: '2', DAYS: '1', OWN: '9' }),
          settings({ LIMIT: '1', DAYS: '5', NEW: '7' }),
        ),
        [{ LIMIT: '2', DAYS: '5', OWN: '9', NEW: '7' }, []],
      );
    });

    it('is named by a conflict', () => {
      assert.deepEqual(
        mergeTabs(settings({ LIMIT: '1' }), settings({ LIMIT: '2' }), settings({ LIMIT: '3' })),
        [{ LIMIT: '2' }, ['t.env:LIMIT']],
      );
    });
  });

  describe('a wire', () => {
    const targets = ['b', 'c', 'd', 'e'].map((id) => node(id));
    const a = (...outputs: string[][]) => [node('a', { wires: outputs }), ...targets];
    const rows: Row<string[][]>[] = [
      ['led elsewhere by the region stays', [['b']], [['c']], [['b']], [['c']], []],
      ['led elsewhere by the template comes', [['b']], [['b']], [['c']], [['c']], []],
      ['led elsewhere alike by both is that', [['b']], [['c']], [['c']], [['c']], []],
      ['led elsewhere by both is a conflict', [['b']], [['c']], [['d']], [['c']], ['REWIRED_BOTH a.wires:0']],
      [
        'cut by one and led elsewhere by the other is a conflict',
        [['b']],
        [[]],
        [['d']],
        [[]],
        ['REWIRED_BOTH a.wires:0'],
      ],
      ['added on both sides is there twice', [['b']], [['b', 'c']], [['b', 'd']], [['b', 'c', 'd']], []],
      ['added by one and cut by the other are both done', [['b']], [['b', 'c']], [[]], [['c']], []],
      ['in another order is the same', [['b', 'c']], [['c', 'b']], [['b', 'd', 'c']], [['b', 'd', 'c']], []],
      ['is merged an output at a time', [['b'], ['c']], [['d'], ['c']], [['b'], ['e']], [['d'], ['e']], []],
      [
        'of an output that the template adds at the end comes',
        [['b']],
        [['c']],
        [['b'], ['d']],
        [['c'], ['d']],
        [],
      ],
      [
        'of outputs that moved, and that the region led elsewhere, is a conflict of all of them',
        ...([
          [['b'], ['c']],
          [['b'], ['d']],
          [['e'], ['b'], ['c']],
          [['b'], ['d']],
        ] as const),
        ['REWIRED_BOTH a.wires'],
      ] as unknown as Row<string[][]>,
    ];
    for (const [title, base, ours, theirs, merged, conflicts] of rows)
      it(title, () => {
        const result = merge(a(...base), a(...ours), a(...theirs));
        assert.deepEqual(result.nodes.a?.wires, merged);
        assert.deepEqual(result.conflicts, conflicts);
      });

    it('of a conflict leads where was chosen', () => {
      const chosen = merge(a(['b']), a(['c']), a(['d']), { 'a.wires:0': 'theirs' });
      assert.deepEqual(chosen.nodes.a?.wires, [['d']]);
    });

    it('that the region leads to a node that the template removed is cut and told', () => {
      const base = [node('a'), node('b')];
      const result = merge(base, [node('a', { wires: [['b']] }), node('b')], [node('a')]);
      assert.deepEqual(result.nodes.a?.wires, [[]]);
      assert.deepEqual(result.conflicts, ['WIRE_LOST a.wires:0']);
    });
  });

  describe('links, groups and listeners', () => {
    const out = (...links: string[]) => node('o', { type: 'link out', mode: 'link', links, wires: [] });
    const into = (id: string, ...links: string[]) => node(id, { type: 'link in', links });

    it('are sets that both sides may add to', () => {
      const base = [out('i'), into('i', 'o'), into('j'), into('k')];
      const ours = [out('i', 'j'), into('i', 'o'), into('j', 'o'), into('k')];
      const theirs = [out('i', 'k'), into('i', 'o'), into('j'), into('k', 'o')];
      const { nodes, conflicts } = merge(base, ours, theirs);
      assert.deepEqual([nodes.o?.links, nodes.j?.links, nodes.k?.links], [['i', 'j', 'k'], ['o'], ['o']]);
      assert.deepEqual(conflicts, []);
    });

    it('say the same at both ends whatever is chosen', () => {
      const base = [out('i'), into('i', 'o'), into('j'), into('k')];
      const ours = [out('j'), into('i'), into('j', 'o'), into('k')];
      const theirs = [out('k'), into('i'), into('j'), into('k', 'o')];
      const { nodes, conflicts } = merge(base, ours, theirs, { 'o.links': 'theirs' });
      assert.deepEqual([nodes.o?.links, nodes.j?.links, nodes.k?.links], [['k'], [], ['o']]);
      assert.deepEqual(conflicts, ['REWIRED_BOTH o.links theirs']);
    });

    it('to other flows stay as they are', () => {
      const base = [out('elsewhere')];
      assert.deepEqual(merge(base, base, [out('elsewhere')]).nodes.o?.links, ['elsewhere']);
    });

    it('hold nobody who is gone', () => {
      const group = (...nodes: string[]) => ({ id: 'g', type: 'group', z: 't', nodes, x: 0, y: 0 });
      const listener = (...scope: string[]) => node('l', { type: 'catch', scope });
      const base = [group('a', 'b'), node('a', { g: 'g' }), node('b', { g: 'g' }), listener('a', 'b')];
      const ours = [group('a'), node('a', { g: 'g' }), listener('a')];
      const theirs = [...base.slice(0, 3), node('c', { g: 'g' }), listener('a', 'b', 'c')].map((one) =>
        one.id === 'g' ? group('a', 'b', 'c') : one,
      );
      const { nodes } = merge(base, ours, theirs);
      assert.deepEqual(
        [nodes.g?.nodes, nodes.l?.scope],
        [
          ['a', 'c'],
          ['a', 'c'],
        ],
      );
    });
  });

  describe('a place on the canvas', () => {
    const at = (x: number) => [node('a', { x })];
    const rows: [string, number, number, number, number][] = [
      ['moved by the region stays', 1, 2, 1, 2],
      ['moved by the template comes', 1, 1, 2, 2],
      ["moved by both is the region's", 1, 2, 3, 2],
    ];
    for (const [title, base, ours, theirs, merged] of rows)
      it(title, () => {
        const result = merge(at(base), at(ours), at(theirs));
        assert.equal(result.nodes.a?.x, merged);
        assert.deepEqual(result.conflicts, []);
      });
  });

  describe('a locked node', () => {
    const a = (rule: string, more = {}) => [node('a', { rule, ...more })];
    const locked = { locked: ['a'] };

    it("is the template's, and a change by the region is named", () => {
      const result = merge(a('1'), a('2'), a('1'), {}, locked);
      assert.equal(result.nodes.a?.rule, '1');
      assert.deepEqual(result.conflicts, ['LOCKED_CHANGED a.rule theirs']);
      assert.ok(result.complete, 'there is nothing to choose');
    });

    it('comes back when the region removed it', () => {
      const result = merge(a('1'), [], a('3'), {}, locked);
      assert.equal(result.nodes.a?.rule, '3');
      assert.deepEqual(result.conflicts, ['LOCKED_CHANGED a.* theirs']);
    });

    it('may be moved', () => {
      const result = merge(a('1'), a('1', { x: 99 }), a('2'), {}, locked);
      assert.deepEqual([result.nodes.a?.rule, result.nodes.a?.x], ['2', 99]);
      assert.deepEqual(result.conflicts, []);
    });

    it('goes where the template gives it up', () => {
      assert.equal(merge(a('1'), a('1'), [], {}, {}).nodes.a, undefined);
    });
  });
});
