import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { FlowNode } from '../../lib/flowfiles/format';
import { type BacktestDeps, backtest } from '../../lib/flowtests/backtest/backtest';
import type { BacktestReport, Candidate } from '../../lib/flowtests/backtest/model';
import { readFlow } from '../../lib/flowtests/files';
import { openLedger } from '../../lib/ledger/open';
import type { Ledger } from '../../lib/ledger/port';
import { finalMileDelayPolicy } from '../../lib/model/policies/final-mile-delay';
import { root, tempDir } from '../support';
import { printed } from './command';

const flowsDir = join(root, 'flows');
const flow = () => readFlow(join(flowsDir, 'global', 'delayed-delivery.json'));
/** Forty delays, ten each: standard, strategic (region DE), priority, and within the promise. */
const cases = 40;
const request = { flow: 'global/delayed-delivery', since: 0, until: Date.now() };

const edited = (edit: (node: FlowNode) => FlowNode): Candidate => ({ nodes: flow().map(edit) });
const nothing = { effects: [], decisions: [], unanswered: [], assumed: [], errors: [] };

describe('the back-test', () => {
  let ledger: Ledger;
  before(async function () {
    this.timeout(60_000);
    const file = join(tempDir('backtest'), 'ledger.db');
    const written = JSON.parse(
      await printed(join(__dirname, 'history.js'), [file, String(cases)]),
    ) as unknown;
    assert.deepEqual(written, { facts: 4 * cases, cases });
    ledger = await openLedger(`sqlite:${file}`);
  });
  after(() => ledger?.close());

  function run(
    candidate: Candidate,
    more: Partial<typeof request & { region: string }> = {},
    deps: Partial<BacktestDeps> = {},
  ): Promise<BacktestReport> {
    return backtest({ ledger, flowsDir, workers: 1, ...deps }, { ...request, ...more }, candidate);
  }

  it('finds nothing to differ when the flow is the same', async () => {
    const { decisions, effects, unanswered, assumed, errors, ...report } = await run({ nodes: flow() });
    assert.deepEqual({ decisions, effects, unanswered, assumed, errors }, nothing);
    assert.deepEqual([report.facts, report.cases, report.same, report.changed], [160, 40, 40, 0]);
  });

  it('tells which decisions and effects a stricter table changes, where, and shows examples', async () => {
    const policy = JSON.parse(JSON.stringify(finalMileDelayPolicy).replace('"> 240"', '"> 600"')) as never;
    const report = await run({ policy }, {}, { workers: 2 });
    assert.deepEqual(
      report.decisions.map(({ before, after, count, regions }) => ({ before, after, count, regions })),
      [{ before: 'EXPEDITE', after: 'SERVICE_CASE', count: 10, regions: { DE: 10 } }],
    );
    assert.deepEqual(report.decisions[0]?.examples[0]?.row, { before: 2, after: 6 });
    const [ticket, ...more] = report.effects;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [ticket?.step, ticket?.call, ticket?.kind, ticket?.count, ticket?.fields],
      ['ticket', 'desk.openCase', 'changed', 10, { 'input.priority': 10 }],
    );
    assert.deepEqual(ticket?.examples[0]?.differences, [
      { path: 'input.priority', before: 'URGENT', after: 'NORMAL' },
    ]);
    assert.deepEqual(report.regions, [
      { region: 'DE', cases: 10, decisions: 10, effects: 10, unanswered: 0 },
      { region: 'US', cases: 30, decisions: 0, effects: 0, unanswered: 0 },
    ]);
    assert.deepEqual([report.same, report.changed], [30, 10]);
  });

  it('tells steps that a candidate leaves out, and those that nobody has an answer for', async () => {
    const report = await run(
      edited((node) => {
        if (node.id === 'delay.erp')
          return { ...node, wires: [['delay.storefront'], ...(node.wires as string[][]).slice(1)] };
        return node.id === 'delay.notice'
          ? {
              ...node,
              step: 'told',
              operation: 'updateEta',
              input: '{ "orderNumber": "OTHER", "etaAt": delay.etaAt, "asOf": delay.asOf }',
            }
          : node;
      }),
    );
    const found = report.effects
      .map(({ step, call, kind, count }) => `${count} ${kind} ${step} ${call}`)
      .sort();
    assert.deepEqual(found, [
      '30 added told storefront.updateEta',
      '30 removed notice storefront.notifyCustomer',
      '40 removed crm desk.syncEta',
    ]);
    assert.deepEqual(report.assumed, [{ step: 'told', call: 'storefront.updateEta', count: 30 }]);
  });

  it('says which questions nobody has recorded, and compares nothing behind them', async () => {
    const report = await run(
      edited((node) => (node.id === 'delay.order' ? { ...node, input: '{ "order": "ANOTHER" }' } : node)),
    );
    assert.deepEqual(
      report.unanswered.map(({ step, call, count }) => ({ step, call, count })),
      [{ step: 'order', call: 'erp.findOrder', count: 40 }],
    );
    assert.deepEqual([report.decisions, report.effects, report.same], [[], [], 0]);
  });

  it('says which cases a candidate does not take any more', async () => {
    const report = await run(
      edited((node) => (node.id === 'delay.in' ? { ...node, codes: ['FINAL_MILE_DELAYED'] } : node)),
    );
    assert.equal(report.notTaken.count, 40);
  });

  it('looks at one region and one period where it is told to', async () => {
    assert.equal((await run({ nodes: flow() }, { region: 'DE' })).cases, 10);
    assert.equal((await run({ nodes: flow() }, { since: Date.now() })).cases, 0);
  });

  it('takes a version from whoever keeps versions, and says when there is none', async () => {
    const versions = {
      nodes: async (_flow: string, version: string) => (version === '1.1.0' ? flow() : undefined),
    };
    assert.equal((await run({ version: '1.1.0' }, {}, { versions })).same, 40);
    await assert.rejects(run({ version: '9.9.9' }, {}, { versions }), { code: 'UNKNOWN_VERSION' });
    await assert.rejects(run({ nodes: flow() }, { flow: 'nowhere' }), { code: 'UNKNOWN_FLOW' });
  });
});
