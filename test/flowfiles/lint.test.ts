import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { knownTypes } from '../../lib/cli/commands/flows/validate';
import { readFlowFolder } from '../../lib/flowfiles/files';
import type { FlowNode } from '../../lib/flowfiles/format';
import { lintFlows } from '../../lib/flowfiles/lint';
import { root } from '../support';
import { anyNodes, node, partner, soundFlow, tab } from './nodes';

const types = knownTypes();
const lint = (nodes: FlowNode[]) => lintFlows(nodes, types);
const codes = (nodes: FlowNode[]) =>
  lint(nodes).map(({ severity, code, node: id }) => `${severity} ${code} ${id}`);

const sound = [partner, ...soundFlow()];
const edit = (id: string, more: object) => sound.map((one) => (one.id === id ? { ...one, ...more } : one));

describe('checks of flow files', () => {
  it('say nothing about a flow that is right', () => {
    assert.deepEqual(lint(sound), []);
  });

  const table = {
    name: 't',
    version: '1',
    inputs: [{ name: 'delay', type: 'number', min: 0, required: true }],
    outputs: [{ name: 'outcome' }],
  };
  const policy = (rows: object[], expressions: object = { delay: 'payload.delay' }) => [
    ...edit('late.in', { wires: [['late.policy']] }),
    node('late.policy', 'reroute-policy', 'late', [['late.act']], { table: { ...table, rows }, expressions }),
  ];
  const row = (delay: string | undefined, outcome: string) => ({
    when: delay === undefined ? {} : { delay },
    then: { outcome },
  });
  const subflow = (port: string): FlowNode => ({
    id: 's',
    type: 'subflow',
    name: 's',
    in: [{ x: 0, y: 0, wires: [{ id: port }] }],
    out: [],
  });
  const pivoted = (...more: FlowNode[]) => [
    ...edit('late.act', { pivot: true, wires: [['late.tell']] }),
    node('late.tell', 'reroute-desk', 'late', [['late.end']], { partner: 'partner-erp', operation: 'y' }),
    ...more,
  ];

  const cases: [string, FlowNode[], string[]][] = [
    [
      'a wire to nowhere',
      edit('late.act', { wires: [['gone']] }),
      ['error DANGLING_WIRE late.act', 'warning UNREACHABLE late.end'],
    ],
    [
      'a wire to another tab',
      [...edit('late.act', { wires: [['late.end', 'b.end']] }), ...soundFlow('b')],
      ['error DANGLING_WIRE late.act'],
    ],
    [
      'a link to nowhere',
      [
        ...edit('late.act', { wires: [['late.end', 'late.out']] }),
        node('late.out', 'link out', 'late', [], { links: ['gone'], mode: 'link' }),
      ],
      ['error DANGLING_WIRE late.out'],
    ],
    ['a subflow whose input leads nowhere', [...sound, subflow('gone')], ['error DANGLING_WIRE s']],
    ['an unknown node type', edit('late.end', { type: 'fancy-node' }), ['error UNKNOWN_TYPE late.end']],
    [
      'an instance of no subflow',
      edit('late.end', { type: 'subflow:gone' }),
      ['error UNKNOWN_SUBFLOW late.end'],
    ],
    [
      'a partner that does not exist',
      edit('late.act', { partner: 'partner-gone' }),
      ['error PARTNER_MISSING late.act'],
    ],
    [
      'a partner reference that is another node',
      edit('late.act', { partner: 'late.end' }),
      ['error PARTNER_MISSING late.act'],
    ],
    [
      'exceptions of a partner that nobody is called',
      edit('late.in', { partners: 'erp, tms' }),
      ['warning PARTNER_MISSING late.in'],
    ],
    [
      'a node without a tab',
      [...sound, node('lost', 'debug', 'gone')],
      ['error ORPHAN_NODE lost', 'warning UNREACHABLE lost'],
    ],
    ['one id given twice', [...sound, node('late.end', 'debug', 'late')], ['error DUPLICATE_ID late.end']],
    [
      'a node that nothing leads to',
      [...sound, node('late.lone', 'function', 'late', [])],
      ['warning UNREACHABLE late.lone'],
    ],
    [
      'a link in that nothing leads to',
      [...sound, node('late.li', 'link in', 'late', [['late.end']])],
      ['warning UNREACHABLE late.li'],
    ],
    ['a tab without a description', edit('late', { info: ' ' }), ['warning DESCRIPTION_MISSING late']],
    [
      'a policy row that can never hit',
      policy([row(undefined, 'A'), row('> 5', 'B')]),
      ['error POLICY_UNREACHABLE late.policy'],
    ],
    ['a gap in a policy', policy([row('> 5', 'A')]), ['warning POLICY_GAP late.policy']],
    [
      'a policy input without an expression',
      policy([row(undefined, 'A')], {}),
      ['error POLICY_INVALID late.policy'],
    ],
    [
      'policy expressions that are none',
      policy([row(undefined, 'A')], { delay: 1 }),
      ['error POLICY_INVALID late.policy'],
    ],
    ['a broken policy cell', policy([row('>>', 'A')]), ['error POLICY_INVALID late.policy']],
    [
      'effects after the pivot that nobody proves',
      pivoted(),
      ['warning EFFECT_UNVERIFIED late.act', 'warning EFFECT_UNVERIFIED late.tell'],
    ],
    [
      'a literal secret of a partner',
      edit('partner-erp', { secrets: { password: 'hunter2' } }),
      ['error SECRET_IN_FLOW partner-erp'],
    ],
    [
      'credentials in a file',
      edit('late.end', { credentials: { user: 'ada', key: 'k' } }),
      ['error SECRET_IN_FLOW late.end', 'error SECRET_IN_FLOW late.end'],
    ],
    [
      'a literal secret among the settings of a tab',
      edit('late', { env: [{ name: 'API_KEY', value: 'abc', type: 'str' }] }),
      ['error SECRET_IN_FLOW late'],
    ],
  ];
  for (const [what, nodes, expected] of cases)
    it(`find ${what}`, () => assert.deepEqual(codes(nodes).sort(), expected.sort()));

  const innocent: [string, FlowNode[]][] = [
    [
      'what is switched off',
      [...edit('late', { disabled: true, info: '' }), node('late.lone', 'function', 'late', [['gone']])],
    ],
    ['a wire into a node that is switched off', edit('late.end', { d: true })],
    ['a partner that a setting of the tab names', edit('late.act', { partner: `\${PARTNER}` })],
    [
      'a secret that is a reference',
      edit('late', { env: [{ name: 'API_KEY', value: 'env:API_KEY', type: 'str' }] }),
    ],
    ['a table without gaps', policy([row('> 5', 'A'), row(undefined, 'B')])],
    ['a node that an error is caught for', [...sound, node('late.catch', 'catch', 'late', [['late.end']])]],
    [
      'what is reached over a link',
      [
        ...edit('late.act', { wires: [['late.out']] }).filter(({ id }) => id !== 'late.end'),
        node('late.out', 'link out', 'late', [], { links: ['b.li'], mode: 'link' }),
        tab('b'),
        node('b.li', 'link in', 'b', [['b.end']]),
        node('b.end', 'debug', 'b'),
      ],
    ],
    [
      'effects after the pivot that are read back',
      pivoted(node('late.verify', 'reroute-verify', 'late', [[]], { partner: 'partner-erp' })).map((one) =>
        one.id === 'late.tell' ? { ...one, wires: [['late.end', 'late.verify']] } : one,
      ),
    ],
  ];
  for (const [what, nodes] of innocent)
    it(`say nothing about ${what}`, () => assert.deepEqual(codes(nodes), []));

  it('never repeat a secret', () => {
    const found = lint(edit('partner-erp', { secrets: { password: 'hunter2' } }));
    assert.match(found[0]?.message ?? '', /secrets\.password would write a secret/);
    assert.doesNotMatch(JSON.stringify(found), /hunter2/);
  });

  it('never throw, and find the same whatever the order of nodes', () => {
    const text = (nodes: FlowNode[]) =>
      JSON.stringify(
        lint(nodes)
          .map((one) => JSON.stringify(one))
          .sort(),
      );
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        assert.equal(text([tab('tab'), ...nodes]), text([...nodes].reverse().concat(tab('tab'))));
      }),
    );
  });

  it('find no error in the flows that are shipped, nor in the examples', async () => {
    const shipped = [...(await readFlowFolder(join(root, 'flows'))).nodes];
    const examples = readdirSync(join(root, 'examples'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as FlowNode[]);
    for (const nodes of [shipped, ...examples])
      assert.deepEqual(
        lint(nodes.map((one) => ({ ...one, disabled: false }))).filter(
          ({ severity }) => severity === 'error',
        ),
        [],
      );
  });
});
