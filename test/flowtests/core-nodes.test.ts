import assert from 'node:assert/strict';
import { FlowsFolder, type Results } from './folder';

const place = { x: 1, y: 1 };
const node = (id: string, type: string, more: object) => ({ id, type, z: 'tab', ...place, ...more });

/** Uses what an analyst finds in the palette: function, change, switch, delay, split, join, link call, subflow and catch. */
const flow = [
  { id: 'tab', type: 'tab', label: 'Core nodes', env: [{ name: 'CUT_OFF', value: '17', type: 'num' }] },
  {
    id: 'sub',
    type: 'subflow',
    name: 'stamp',
    in: [{ ...place, wires: [{ id: 'sub.change' }] }],
    out: [{ ...place, wires: [{ id: 'sub.change', port: 0 }] }],
  },
  {
    id: 'sub.change',
    type: 'change',
    z: 'sub',
    ...place,
    rules: [{ t: 'set', p: 'stamped', pt: 'msg', to: '$now()', tot: 'jsonata' }],
    wires: [[]],
  },
  node('in', 'reroute-exception-in', {
    name: 'in',
    codes: ['DAMAGED'],
    regions: '',
    partners: '',
    version: 1,
    wires: [['enrich']],
  }),
  node('enrich', 'reroute-enrich', {
    name: 'enrich',
    partner: '',
    operation: '',
    input: '',
    mapping: '',
    version: 1,
    wires: [['fn'], []],
  }),
  node('fn', 'function', {
    name: 'hour',
    func: 'msg.hour = new Date().getUTCHours(); msg.list = [1, 2, 3];\nreturn msg;',
    outputs: 1,
    wires: [['split']],
  }),
  node('split', 'split', {
    splt: '\\n',
    arraySplt: 1,
    arraySpltType: 'len',
    property: 'list',
    wires: [['join']],
  }),
  node('join', 'join', { mode: 'auto', property: 'list', wires: [['call']] }),
  node('call', 'link call', { links: ['ask-in'], linkType: 'static', timeout: '30', wires: [['stamp']] }),
  node('ask-in', 'link in', { links: [], wires: [['asked']] }),
  node('asked', 'change', {
    rules: [{ t: 'set', p: 'asked', pt: 'msg', to: 'true', tot: 'bool' }],
    wires: [['ask-out']],
  }),
  node('ask-out', 'link out', { mode: 'return', links: [], wires: [] }),
  node('stamp', 'subflow:sub', { wires: [['delay']] }),
  node('delay', 'delay', {
    pauseType: 'delay',
    timeout: '10',
    timeoutUnits: 'minutes',
    wires: [['cut-off']],
  }),
  node('cut-off', 'switch', {
    property: 'hour < $number($env("CUT_OFF"))',
    propertyType: 'jsonata',
    rules: [{ t: 'true' }],
    checkall: 'true',
    outputs: 1,
    wires: [['desk']],
  }),
  node('desk', 'reroute-desk', {
    ...{
      name: 'desk',
      partner: 'partner-desk',
      operation: 'openCase',
      step: 'ticket',
      pivot: false,
      version: 1,
    },
    input:
      '{ "externalKey": case.id, "subject": "At " & stamped & ", hour " & $string(hour) & ", asked " & $string(asked) & ", list " & $string($sum(list)) }',
    wires: [['broken'], [], [], []],
  }),
  node('broken', 'function', {
    name: 'broken',
    func: "throw new Error('on purpose');",
    outputs: 1,
    wires: [[]],
  }),
  node('catch', 'catch', { scope: ['broken'], wires: [['letter']] }),
  node('letter', 'reroute-dead-letter', {
    name: 'letter',
    code: 'CAUGHT',
    message: '"caught"',
    version: 1,
    wires: [],
  }),
];

const scenario = (name: string, more: string, expectation: string) => `
  - name: ${name}
${more}    given: [{ fact: DAMAGED, partner: fedex, order: SO-1 }]
    expect: ${expectation}
`;

describe('a flow of core nodes in a flow test', () => {
  let results: Results;
  before(async function () {
    this.timeout(60_000);
    const answers = "answers: { desk.openCase: { ok: { id: '1', state: OPEN } } }";
    const before = scenario(
      'before the cut-off',
      '    clock: 2026-03-02T16:59:00Z\n',
      "{ effects: [{ step: ticket, input: { subject: 'At 2026-03-02T16:59:00.000Z, hour 16, asked true, list 6' } }], deadLetters: [CAUGHT] }",
    );
    const after = scenario('after it', '    clock: 2026-03-02T17:00:00Z\n', '{ effects: [] }');
    const later = scenario(
      'with a later cut-off',
      '    clock: 2026-03-02T17:00:00Z\n    settings: { CUT_OFF: 18 }\n',
      '{ effects: [ticket], deadLetters: [{ code: CAUGHT, node: letter }] }',
    );
    results = await new FlowsFolder()
      .write('global/core.json', JSON.stringify(flow))
      .write('global/core.flowtest.yaml', `${answers}\nscenarios:${before}${after}${later}`)
      .run();
  });

  it('runs them all, and shows every one of them the clock of the test', () => {
    assert.deepEqual(results.scenario('core', 0).failures, []);
  });

  it('goes the other way a minute later', () => {
    assert.deepEqual(results.scenario('core', 1).failures, []);
  });

  it('takes the settings of the tab from the scenario', () => {
    assert.deepEqual(results.scenario('core', 2).failures, []);
  });

  it('does not wait for a delay of ten minutes', () => {
    assert.ok(results.scenario('core', 0).ms < 5_000);
  });
});
