import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { FlowNode } from '../../lib/flowfiles/format';
import { DeployTests } from '../../lib/flowtests/deploy-tests';
import { readFlow } from '../../lib/flowtests/files';
import { FlowsFolder } from './folder';

const names = ['config', 'intake', 'short-pick', 'delayed-delivery'];

describe('the tests of a deploy', () => {
  const folder = new FlowsFolder();
  for (const name of ['short-pick', 'delayed-delivery'])
    folder.test(`global/${name}.flowtest.yaml`, name, (text) => text);
  const read = (name: string) => readFlow(join(folder.path, 'global', `${name}.json`));
  const paths = new Map([
    ...names.flatMap((name) =>
      read(name)
        .filter(({ type }) => type === 'tab')
        .map(({ id }): [string, string] => [id, `global/${name}.json`]),
    ),
    ['global-config', 'global/config.json'],
  ]);
  const run = (changed: string[], edit: (node: FlowNode) => FlowNode = (node) => node) =>
    new DeployTests(folder.path).run({ nodes: names.flatMap(read).map(edit), changed, paths });

  it('are those of the flows that change, against the set as it would be', async () => {
    const broken = (node: FlowNode) =>
      node.id === 'delay' ? { ...node, env: [{ name: 'DELAY_HOURS', value: '5', type: 'num' }] } : node;
    const untouched = await run(['delay'], broken);
    assert.deepEqual([untouched.passed, untouched.failed], [8, 0]);
    const renamed = (node: FlowNode) => (node.id === 'delay.escalate' ? { ...node, step: 'person' } : node);
    const { passed, failed, failures } = await run(['delay'], renamed);
    assert.deepEqual([passed, failed], [6, 2]);
    assert.deepEqual(
      failures.map(({ flowId, test }) => `${flowId}: ${test}`),
      [
        'delay: a storefront that says yes and shows nothing is found out',
        "delay: an order that the ERP knows twice is a person's",
      ],
    );
    assert.match(failures[1]?.message ?? '', /expect\.effects\[0\]\.step|person/);
  });

  it('are all of them where something changes that flows share', async () => {
    const result = await run(['global-config']);
    assert.deepEqual([result.passed, result.failed], [17, 0]);
  });

  it('are none, and cost nothing, where none stands beside the flow', async () => {
    assert.deepEqual(await run(['intake']), { passed: 0, failed: 0, failures: [], durationMs: 0 });
  });
});
