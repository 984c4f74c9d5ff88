import assert from 'node:assert/strict';
import type { FlowNode } from '../../lib/flowfiles/format';
import { FlowsFolder, type Results } from './folder';

/** The node with one output wired elsewhere. */
const rewired =
  (id: string, output: number, target: string[]) =>
  (node: FlowNode): FlowNode =>
    node.id === id
      ? {
          ...node,
          wires: (node.wires as string[][]).map((wire, index) => (index === output ? target : wire)),
        }
      : node;

describe('the fault matrix', () => {
  let results: Results;
  before(async function () {
    this.timeout(60_000);
    const folder = new FlowsFolder();
    // The first scenario is enough.
    const same = (text: string) => text.split('\n\n  - name:')[0] ?? '';
    folder
      .flow(
        'global/forgets.json',
        'short-pick',
        rewired('short-pick.reduce', 1, ['short-pick.reduce.person']),
      )
      .test('global/forgets.flowtest.yaml', 'short-pick', same)
      .flow('global/swallows.json', 'short-pick', rewired('short-pick.compensate', 0, []))
      .test('global/swallows.flowtest.yaml', 'short-pick', same)
      .flow('global/unmarked.json', 'short-pick', (node) =>
        node.id === 'short-pick.split'
          ? { ...node, pivot: true }
          : node.id === 'short-pick.release'
            ? { ...node, pivot: false }
            : node,
      )
      .test('global/unmarked.flowtest.yaml', 'short-pick', (text) =>
        same(text).replace('pivot: true', 'pivot: false'),
      );
    results = await folder.run();
  });

  it('finds a step before the pivot that is left standing', () => {
    assert.deepEqual(results.faults('forgets'), [
      'reduce business: split still stands, although reduce failed before the pivot and nothing went on',
    ]);
  });

  it('finds a case that nobody goes on with', () => {
    const left = 'the case INVENTORY_SHORT_PICK is left in REMEDIATING: nothing goes on and nobody has it';
    const faults = results.faults('swallows');
    assert.ok(faults.includes(`reduce business: ${left}`), faults.join('\n'));
  });

  it('tries every step in the four ways', () => {
    const tried = results.scenario('swallows').variants.map(({ fault }) => `${fault.step} ${fault.kind}`);
    const steps = ['split', 'reduce', 'release', 'note', 'eta', 'ticket', 'notice'];
    assert.deepEqual(
      tried,
      steps.flatMap((step) => ['business', 'technical', 'unknown', 'lost'].map((kind) => `${step} ${kind}`)),
    );
  });

  it('judges by where the pivot stands: behind it a flow may leave what was done', () => {
    assert.deepEqual(results.scenario('unmarked').failures, []);
    assert.deepEqual(
      results.faults('unmarked').filter((words) => words.startsWith('note')),
      [],
    );
  });
});
