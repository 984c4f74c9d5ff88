/** Overview, facets, bulk actions, scorecards, saved views and edits over HTTP. */
import assert from 'node:assert/strict';
import { changesOf, forbiddenTo } from '../../lib/gateway/edits';
import { createToken } from '../../lib/gateway/tokens';
import { rankAtRisk } from '../../lib/gateway/views/at-risk';
import { csvOf } from '../../lib/gateway/views/scorecards';
import { aCaseWrite, aCommit } from '../../lib/ledger/conformance/builders';
import { bucketOf, percentileOf } from '../../lib/model/measures';
import type { Scope } from '../../lib/model/scope';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';

const hour = 3_600_000;

describe('what the console asks', () => {
  let gateway: TestGateway;
  const now = Date.now();
  before(async () => {
    gateway = await startGateway();
    await gateway.ledger.record(
      0,
      aCommit({
        now,
        cases: [
          aCaseWrite({
            id: 'a',
            subject: 's1',
            partner: 'acme',
            region: 'DE',
            at: now - hour,
            resolveDueAt: now + hour / 2,
          }),
          aCaseWrite({
            id: 'b',
            subject: 's2',
            partner: 'acme',
            region: 'US',
            code: 'LOST',
            at: now - 50 * hour,
          }),
          aCaseWrite({ id: 'c', subject: 's3', partner: 'other', region: 'US', at: now }),
        ],
      }),
    );
  });
  after(() => gateway.stop());

  it('shows how things stand at a glance', async () => {
    const { json } = await ask(gateway, 'GET /metrics/overview');
    assert.equal(json.cases.open, 3);
    assert.deepEqual(json.by.partner, [
      { value: 'acme', count: 2 },
      { value: 'other', count: 1 },
    ]);
    assert.equal(json.clocks.withinHour, 1);
    assert.equal(json.clocks.atRisk[0].caseId, 'a');
    assert.equal(json.recurrence.detected, 3);
    assert.equal(json.lastDay.retryRate, null, 'nothing was tried, so there is no rate');
    const aged = json.aging.rows.flatMap(({ counts }: { counts: number[] }) => counts);
    assert.equal(
      aged.reduce((sum: number, n: number) => sum + n, 0),
      3,
    );
  });

  it('adds up what went within the limits of a caller', async () => {
    const detected = async (name: string, scope: Scope) => {
      const { token } = createToken({ dataDir: gateway.dataDir, name, role: 'viewer', scope, now });
      const headers = { authorization: `Bearer ${token}` };
      const { json } = await ask(gateway, 'GET /metrics/overview', { as: 'nobody', headers });
      return [json.cases.open, json.recurrence.detected, json.unavailable.includes('recurrence')];
    };
    assert.deepEqual(await detected('of-us', { regions: ['US'] }), [2, 2, false]);
    assert.deepEqual(await detected('of-acme', { partners: ['acme'] }), [2, 2, false]);
    assert.deepEqual(await detected('of-both', { regions: ['US'], partners: ['acme'] }), [1, 0, true]);
  });

  it('parts cases by field and narrows lists by the same filter', async () => {
    const { json } = await ask(gateway, 'GET /cases/facets?open=true&region=US');
    assert.equal(json.total, 2);
    assert.deepEqual(json.facets.region, [
      { value: 'US', count: 2 },
      { value: 'DE', count: 1 },
    ]);
    const list = await ask(gateway, 'GET /cases?open=true&region=US&assignee=');
    assert.equal(list.json.items.length, 2);
  });

  it('acts on a frozen selection: what has moved on is left alone', async () => {
    const cases = [
      { id: 'a', expectedVersion: 1 },
      { id: 'b', expectedVersion: 9 },
      { id: 'gone', expectedVersion: 1 },
    ];
    const body = { action: 'assign', assignee: 'ada', reason: 'mine', cases };
    const { json } = await ask(gateway, 'POST /cases/bulk-actions', { body });
    assert.deepEqual([json.done, json.stale, json.refused], [1, 1, 1]);
    assert.equal((await gateway.ledger.case('a'))?.assignee, 'ada');
    assert.equal((await gateway.ledger.case('b'))?.assignee, undefined);
    assert.equal((await gateway.ledger.audit({ subject: 'case:a' }, { limit: 5 })).items.length, 1);
    const denied = await ask(gateway, 'POST /cases/bulk-actions', {
      as: 'operator',
      body: { action: 'cancel', reason: 'r', cases: [{ id: 'c', expectedVersion: 1 }] },
    });
    assert.equal(denied.status, 403);
  });

  it('keeps saved views: own ones, shared ones, and none that leads elsewhere', async () => {
    const save = (body: object, as: 'operator' | 'viewer') => ask(gateway, 'POST /views', { body, as });
    assert.equal((await save({ name: 'x', location: 'https://evil.example' }, 'operator')).status, 400);
    const mine = await save({ name: 'Mine', location: 'cases?severity=S1' }, 'operator');
    await save({ name: 'Ours', location: 'cases', shared: true }, 'operator');
    const seen = await ask(gateway, 'GET /views', { as: 'viewer' });
    assert.deepEqual(
      seen.json.items.map(({ name }: { name: string }) => name),
      ['Ours'],
    );
    assert.equal(
      (await ask(gateway, `POST /views/${mine.json.id}/remove`, { as: 'viewer', body: {} })).status,
      404,
    );
    assert.equal(
      (await ask(gateway, `POST /views/${mine.json.id}/remove`, { as: 'operator', body: {} })).status,
      200,
    );
  });

  it('gives series and scorecards, also as a table for spreadsheets', async () => {
    const series = await ask(gateway, 'GET /metrics/series?name=detected&by=region');
    assert.deepEqual(
      series.json.points
        .map(({ value, count }: { value: string; count: number }) => `${value}:${count}`)
        .sort(),
      ['DE:1', 'US:1', 'US:1'],
    );
    const cards = await ask(gateway, 'GET /metrics/partners?by=region');
    assert.equal(cards.json.items[0].value, 'US');
    const response = await fetch(`${gateway.url}/api/v1/metrics/partners?by=region&format=csv`, {
      headers: { authorization: `Bearer ${gateway.token('viewer')}` },
    });
    assert.match(response.headers.get('content-disposition') ?? '', /scorecards-region\.csv/);
    assert.match(await response.text(), /^region,open,detected,.*\r\nUS,2,2,/);
  });
});

describe('the table for spreadsheets', () => {
  it('never lets a name of a partner become a formula', () => {
    const card = { value: '=HYPERLINK("x")', open: 1 } as Parameters<typeof csvOf>[0][number];
    assert.match(csvOf([card], 'partner'), /"'=HYPERLINK\(""x""\)",1/);
  });
});

describe('edits of payloads', () => {
  const before = JSON.stringify({ ref: 'A', lines: [{ qty: 1 }], declaredValue: 5 });

  it('are told field by field', () => {
    const after = JSON.stringify({ ref: 'B', lines: [{ qty: 1 }, { qty: 2 }], declaredValue: 5 });
    assert.deepEqual(
      changesOf(before, after).map(({ path, role }) => [path, role]),
      [
        ['/ref', 'supervisor'],
        ['/lines/1', 'supervisor'],
      ],
    );
    assert.deepEqual(changesOf(before, before), []);
  });

  it('change a payload that is no JSON as a whole', () => {
    assert.deepEqual(
      changesOf('UNA:+', 'UNA:-').map(({ path, role }) => [path, role]),
      [['', 'supervisor']],
    );
  });

  it('leave value, customs and money to an administrator', () => {
    const changes = changesOf(before, before.replace('5', '50'));
    assert.deepEqual(forbiddenTo('supervisor', changes), changes);
    assert.deepEqual(forbiddenTo('admin', changes), []);
  });
});

describe('what is at risk', () => {
  it('puts a promise that goes within a day first, then the customer, then money', () => {
    const at = 1_700_000_000_000;
    const state = (id: string, context: object) => {
      const write = aCaseWrite({ id, subject: id, at, resolveDueAt: at + 5 * hour });
      return { ...write.state, context: { ...write.state.context, ...context } };
    };
    const promise = (hours: number) => new Date(at + hours * hour).toISOString();
    const ranked = rankAtRisk(
      [
        state('none', {}),
        state('later', { promisedDeliveryAt: promise(90) }),
        state('soon', { promisedDeliveryAt: promise(3) }),
        state('strategic', { promisedDeliveryAt: promise(20), slaTier: 'STRATEGIC' }),
      ],
      at,
      3,
    );
    assert.deepEqual(
      ranked.map(({ caseId }) => caseId),
      ['strategic', 'soon', 'later'],
    );
  });
});

describe('percentiles from buckets', () => {
  it('are right within five percent', () => {
    const durations = Array.from({ length: 1_000 }, (_, index) => (index + 1) * 60_000);
    const buckets = durations.map((ms) => ({ bucket: bucketOf(ms), n: 1 }));
    for (const share of [0.5, 0.9]) {
      const exact = durations[Math.ceil(share * durations.length) - 1] ?? 0;
      const told = percentileOf(buckets, share) ?? 0;
      assert.ok(Math.abs(told - exact) / exact < 0.05, `${told} for ${exact}`);
    }
    assert.equal(percentileOf([], 0.5), undefined);
  });
});
