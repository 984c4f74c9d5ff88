import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bumpOf, compareVersions, nextVersion } from '../../lib/flowfiles/bump';
import {
  diffFlows,
  diffNodes,
  diffText,
  type NodeChange,
  type PropertyChange,
  summaryOf,
} from '../../lib/flowfiles/diff';
import type { FlowNode } from '../../lib/flowfiles/format';
import { contentHash, runVersions, unitsOf } from '../../lib/flowfiles/units';
import { anyNodes, node, partner, soundFlow, tab } from './nodes';

/** Carries a difference out; what it says nothing of comes from `before`. */
function patched(before: FlowNode[], after: FlowNode[], changes: NodeChange[]): FlowNode[] {
  const result = new Map(before.map((one) => [one.id, structuredClone(one)]));
  for (const { id, change, properties } of changes) {
    if (change === 'removed') result.delete(id);
    const added = after.find((one) => one.id === id);
    if (change === 'added' && added) result.set(id, added);
    const target = result.get(id);
    if (target) for (const property of properties) put(target, property);
  }
  return [...result.values()];
}

function put(target: object, { path, ...sides }: PropertyChange): void {
  const [name = '', ...rest] = path;
  const record = target as Record<string, unknown>;
  if (rest.length > 0) put(record[name] as object, { path: rest, ...sides });
  else if ('after' in sides) record[name] = sides.after;
  else delete record[name];
}

describe('a difference between flows', () => {
  it('says everything: carried out on the one side it gives the other', () => {
    fc.assert(
      fc.property(anyNodes, anyNodes, (before, after) => {
        const result = patched(before, after, diffNodes(before, after));
        assert.equal(contentHash(result), contentHash(after));
      }),
    );
  });

  it('is empty exactly when the content hash is the same, whatever the order', () => {
    fc.assert(
      fc.property(anyNodes, anyNodes, (one, other) => {
        assert.equal(diffNodes(one, other).length === 0, contentHash(one) === contentHash(other));
        assert.deepEqual(diffNodes(one, [...one].reverse()), []);
        assert.equal(contentHash(one), contentHash([...one].reverse()));
      }),
    );
  });

  it('names the property, goes into tables, and tells a moved node from a changed one', () => {
    const before = [node('a', 'switch', 't', [], { rules: [{ t: 'lt', v: '5' }] }), node('b', 'debug', 't')];
    const after = [
      node('a', 'switch', 't', [], { rules: [{ t: 'lt', v: '7' }] }),
      node('b', 'debug', 't', [], { x: 99 }),
    ];
    assert.deepEqual(diffNodes(before, after), [
      {
        id: 'a',
        type: 'switch',
        change: 'changed',
        properties: [{ path: ['rules', '0', 'v'], before: '5', after: '7' }],
      },
      { id: 'b', type: 'debug', change: 'moved', properties: [{ path: ['x'], before: 10, after: 99 }] },
    ]);
    assert.equal(summaryOf(diffNodes(before, after)), 'nodes: 1 changed, 1 moved');
  });

  it('reads well in a terminal, and cuts what is long', () => {
    const [late = tab('x'), ...rest] = soundFlow();
    const before = unitsOf([late, ...rest]);
    const after = unitsOf([
      { ...late, info: 'y'.repeat(500) },
      ...rest.slice(0, -1),
      node('late.new', 'debug', 'late'),
    ]);
    const text = diffText(diffFlows(before, after));
    assert.match(text, /^~ late \(late, global\/late\.json\)\n/);
    assert.match(text, /\n {4}- debug late\.end\n/);
    assert.match(text, /\n {4}\+ debug late\.new\n/);
    assert.match(text, /info: "what it does" -> "y+… \(502 characters\)/);
  });

  it('has flows that are new and flows that are gone', () => {
    const changes = diffFlows(unitsOf(soundFlow('a')), unitsOf(soundFlow('b')));
    assert.deepEqual(
      changes.map(({ flowId, change }) => [flowId, change]),
      [
        ['a', 'removed'],
        ['b', 'added'],
      ],
    );
  });
});

describe('the next version', () => {
  it('is none without a change and always a higher one with a change', () => {
    fc.assert(
      fc.property(anyNodes, anyNodes, fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)), (one, other, parts) => {
        const version = parts.join('.');
        const bump = bumpOf(one, other);
        assert.equal(bump === undefined, contentHash(one) === contentHash(other));
        if (bump) assert.ok(compareVersions(nextVersion(version, bump), version) > 0);
      }),
    );
  });

  const flow = soundFlow();
  const change = (id: string, more: object) => flow.map((one) => (one.id === id ? { ...one, ...more } : one));
  const cases: [string, FlowNode[], ReturnType<typeof bumpOf>][] = [
    ['nothing', flow, undefined],
    ['a node that moved', change('late.act', { x: 500 }), 'patch'],
    ['a description', change('late', { info: 'more' }), 'patch'],
    ['a comment', [...flow, node('c', 'comment', 'late')], 'patch'],
    ['a mapping', change('late.act', { input: '{}' }), 'minor'],
    ['a rewired node', change('late.in', { wires: [['late.end']] }), 'minor'],
    ['a setting of the tab', change('late', { env: [{ name: 'LIMIT', value: '1' }] }), 'minor'],
    ['one more node', [...flow, node('late.more', 'reroute-desk', 'late')], 'minor'],
    ['a debug node that is gone', flow.slice(0, -1), 'minor'],
    ['a node that messages may wait at, gone', flow.filter(({ id }) => id !== 'late.act'), 'major'],
    ['such a node switched off', change('late.act', { d: true }), 'major'],
    ['the tab switched off', change('late', { disabled: true }), 'major'],
    ['everything gone', [], 'major'],
  ];
  for (const [what, after, bump] of cases)
    it(`after ${what} is ${bump ?? 'the same'}`, () => assert.equal(bumpOf(flow, after), bump));

  it('is 1.0.0 for a new flow, and refuses to count on from nonsense', () => {
    assert.equal(nextVersion(undefined, 'major'), '1.0.0');
    assert.deepEqual(
      (['major', 'minor', 'patch'] as const).map((bump) => nextVersion('1.9.9', bump)),
      ['2.0.0', '1.10.0', '1.9.10'],
    );
    assert.throws(() => nextVersion('v1', 'minor'), RangeError);
  });
});

describe('the version that a run records', () => {
  const subflow: FlowNode = { id: 'sub', type: 'subflow', name: 'sub', in: [], out: [] };
  const inner = node('sub.fn', 'function', 'sub', [], { func: 'return 1' });
  const flow = [
    ...soundFlow(),
    node('late.sub', 'subflow:sub', 'late'),
    subflow,
    inner,
    partner,
    ...soundFlow('other'),
  ];
  const hashes = (nodes: FlowNode[]) =>
    Object.fromEntries([...runVersions(nodes)].map(([id, { hash }]) => [id, hash]));
  const edit = (id: string, more: object) => flow.map((one) => (one.id === id ? { ...one, ...more } : one));

  it('stays when a node is moved', () => {
    assert.deepEqual(hashes(edit('late.act', { x: 777, y: 1 })), hashes(flow));
  });

  it('changes with what the flow uses: its subflows and its partners, and with nothing else', () => {
    const before = hashes(flow);
    const afterSubflow = hashes(edit('sub.fn', { func: 'return 2' }));
    assert.notEqual(afterSubflow.late, before.late);
    assert.equal(afterSubflow.other, before.other);
    const afterPartner = hashes(edit('partner-erp', { mode: 'observe' }));
    assert.notEqual(afterPartner.late, before.late);
    assert.equal(afterPartner.sub, before.sub);
    assert.deepEqual(hashes([...flow, { ...partner, id: 'partner-new' }]), before);
  });

  it('knows which flows it stands for', () => {
    assert.deepEqual(runVersions(flow).get('late')?.uses, ['global-config', 'late', 'sub']);
  });
});
