import assert from 'node:assert/strict';
import { FlowsFolder, type Results } from './folder';

const answers = `
answers:
  storefront.readOrder:
    ok: { orderNumber: SO-1, status: OPEN, slaTier: STANDARD, promisedDeliveryAt: 2026-03-03T09:00:00Z, lines: [] }
  erp.findOrder: { ok: { orders: [] } }
  desk.openCase: { ok: { id: '42', state: OPEN } }
`;
const head = `flow: delayed-delivery.json\nclock: 2026-03-02T09:00:00Z${answers}`;
const late = '{ fact: TRANSIT_DELAYED, partner: fedex, order: SO-1 }';

/** One scenario with this expectation. */
const expecting = (expectation: string, more = '') =>
  `${head}scenarios:\n  - name: one\n    given: [${late}]\n${more}    expect: ${expectation}\n`;

const files: Record<string, string> = {
  differs: expecting(
    '{ cases: { state: VERIFIED, outcome: NOTIFY }, effects: [crm, { step: escalate, input: { priority: LOW } }], deadLetters: [OTHER], never: [desk.openCase], calls: { erp.findOrder: 2 }, waiting: [wait] }',
  ),
  silent: expecting('{ cases: { state: MANUAL } }'),
  unanswered: expecting('{}').replace("  desk.openCase: { ok: { id: '42', state: OPEN } }\n", ''),
  impossible: expecting('{ deadLetters: [REMEDIATION_FAILED] }').replace('state: OPEN }', 'state: ASLEEP }'),
  setting: expecting('{}', '    settings: { DELAY_MINUTES: 3 }\n'),
  untaken: expecting('{}').replace('TRANSIT_DELAYED', 'LOST'),
  undelivered: expecting('{}').replace(late, '{ partner: desk, payload: {} }'),
  wrongFact: expecting('{}').replace(
    late,
    '{ fact: TRANSIT_DELAYED, order: SO-1, context: { slaTier: GOLD } }',
  ),
  early: expecting('{}', "    then: [{ signal: 'nothing:1' }]\n"),
  misspelt: expecting('{ case: { state: MANUAL } }'),
  misread: `${head}scenarios:\n  - name: one\n   given: [\n`,
  twice: `${expecting('{}')}${expecting('{}').split('scenarios:\n')[1]}`,
  outward: expecting('{}').replace('delayed-delivery', 'calls-out'),
};

describe('the flow test runner', () => {
  let results: Results;
  before(async function () {
    this.timeout(60_000);
    const folder = new FlowsFolder();
    for (const [name, text] of Object.entries(files)) folder.write(`global/${name}.flowtest.yaml`, text);
    folder.flow('global/calls-out.json', 'delayed-delivery', (node) =>
      node.id === 'delay.date' ? { ...node, type: 'http request' } : node,
    );
    results = await folder.run();
  });

  const failures = (name: string) =>
    results.scenario(name).failures.filter((words) => !/^(calls|log):/.test(words));

  it('names the path of every expectation that is not met', () => {
    assert.deepEqual(failures('differs'), [
      'expect.cases.state: expected "VERIFIED", got "MANUAL"',
      'expect.cases.outcome: expected "NOTIFY", got nothing',
      'expect.effects: expected 2, got 1: escalate CONFIRMED',
      'expect.effects[0]: expected "crm", got "escalate"',
      'expect.deadLetters[0]: expected "OTHER", got "REMEDIATION_FAILED"',
      'expect.never[0]: desk.openCase was called 1 times',
      'expect.calls.erp.findOrder: expected 2, got 1',
      'expect.waiting: expected 1 entries, got 0: []',
      'expect.waiting[0]: expected "wait", got nothing',
    ]);
  });

  it('lets no dead letter pass that nobody expects', () => {
    assert.match(failures('silent').join(), /^expect.deadLetters: expected 0, got 1: REMEDIATION_FAILED: /);
  });

  it('names a call without an answer, with its input', () => {
    assert.match(
      failures('unanswered')[0] ?? '',
      /^answers: desk.openCase \(step escalate\) was called with \{"externalKey":".*"\} and has no answer$/,
    );
  });

  it('refuses an answer that the operation could never give', () => {
    assert.match(
      failures('impossible')[0] ?? '',
      /^answers\.desk\.openCase\.ok\.state: desk\.openCase never answers/,
    );
  });

  for (const [name, what, words] of [
    ['setting', 'a setting that the tab has not', /no tab of the flow has the setting DELAY_MINUTES/],
    ['misspelt', 'a word that the format has not', /scenarios\[0\]\.expect: Unrecognized key: "case"/],
    ['misread', 'the line of what is no YAML', /cannot be read:\n {2}line \d+: /],
    ['twice', 'two scenarios of one name', /two scenarios are called "one"/],
    ['outward', 'a node that acts on the outside', /new date \(http request\) acts on the outside/],
  ] as const) {
    it(`says why a file cannot be run: ${what}`, () => assert.match(results.of(name).error ?? '', words));
  }

  for (const [name, what, words] of [
    [
      'untaken',
      'a case that the flow does not take',
      /^given\[0\]: no exception in node of the flow takes the case LOST/,
    ],
    [
      'undelivered',
      'a payload that nobody takes',
      /^given\[0\]: no partner in node takes deliveries of desk$/,
    ],
    ['wrongFact', 'a fact that is none', /^given\[0\]: data\.context\.slaTier: /],
    ['early', 'a signal that nobody waits for', /^then\[0\]\.signal: nothing waits for nothing:1$/],
  ] as const) {
    it(`fails a scenario about nothing: ${what}`, () => assert.match(failures(name)[0] ?? '', words));
  }

  it('says how long each scenario took', () => {
    assert.ok(results.scenario('silent').ms > 0);
  });
});
