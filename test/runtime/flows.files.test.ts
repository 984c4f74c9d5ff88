import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFlowPath } from '../../lib/flowfiles/files';
import { type FlowNode, formatFlowFile } from '../../lib/flowfiles/format';
import { finalMileDelayPolicy } from '../../lib/model/policies/final-mile-delay';
import { shortPickPolicy } from '../../lib/model/policies/short-pick';
import { checkPolicy, type PolicyTable } from '../../lib/model/policy';
import { root } from '../support';

interface Placed extends FlowNode {
  x: number;
  y: number;
  wires: string[][];
  links?: string[];
  info?: string;
  env?: { name: string }[];
  table?: PolicyTable;
}

const folder = join(root, 'flows', 'global');
const flowFiles = readdirSync(join(root, 'flows'), { recursive: true, encoding: 'utf8' }).filter(isFlowPath);
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
const nodesOf = (file: string) => JSON.parse(textOf(file)) as Placed[];
const actions = /^reroute-(carrier|wms|erp|tms|storefront|desk)$/;

describe('the starter flow files', () => {
  for (const file of flowFiles)
    it(`${file} is written as a deploy would write it`, () => {
      const text = readFileSync(join(root, 'flows', file), 'utf8');
      assert.equal(text, formatFlowFile(JSON.parse(text) as FlowNode[]));
    });

  for (const [file, policy] of [
    ['short-pick.json', shortPickPolicy],
    ['delayed-delivery.json', finalMileDelayPolicy],
  ] as const) {
    describe(file, () => {
      const nodes = nodesOf(file);
      const byId = new Map(nodes.map((node) => [node.id, node]));
      const wires = nodes.flatMap((node) =>
        (node.wires ?? []).flatMap((output) => output.map((to) => ({ from: node, to: byId.get(to) }))),
      );

      it("starts from the model's policy, and its table has no error and no gap", () => {
        const [decide] = nodes.filter(({ type }) => type === 'reroute-policy');
        assert.ok(decide?.table);
        assert.deepEqual(decide.table, policy);
        assert.deepEqual(
          checkPolicy(decide.table).filter(({ severity }) => severity !== 'note'),
          [],
        );
      });

      it('leaves no outcome of an action or a verification to nobody', () => {
        for (const { id, type, wires: outputs } of nodes) {
          const wanted = actions.test(type) ? [0, 1, 2, 3] : type === 'reroute-verify' ? [1] : [];
          for (const output of wanted)
            assert.ok((outputs[output] ?? []).length > 0, `output ${output + 1} of ${id}`);
        }
      });

      it('reads from left to right on one screen, without a wire that goes back', () => {
        for (const { from, to } of wires) {
          assert.ok(to, `${from.id} leads to a node that is not there`);
          assert.ok(to.x > from.x, `${from.id} -> ${to.id} goes back`);
          assert.ok(Math.abs(to.y - from.y) <= 150, `${from.id} -> ${to.id} crosses rows`);
        }
        const placed = nodes.filter(({ type }) => type !== 'tab');
        assert.ok(Math.max(...placed.map(({ x }) => x)) <= 1_450);
        assert.ok(Math.max(...placed.map(({ y }) => y)) <= 940);
      });

      it('says in its description which partners and policy it needs and what may be changed', () => {
        const [tab] = nodes.filter(({ type }) => type === 'tab');
        const { info = '', env = [] } = tab ?? {};
        for (const words of ['**Partners:**', '**Policy:**', '**Yours to change:**'])
          assert.ok(info.includes(words));
        for (const { partner } of nodes as { partner?: string }[])
          if (partner) assert.ok(info.includes(`\`${partner.replace('partner-', '')}\``), partner);
        for (const { name } of env) assert.ok(info.includes(`| \`${name}\` |`), name);
      });
    });
  }
});
