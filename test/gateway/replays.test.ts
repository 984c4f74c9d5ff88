import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { aReplay, aReplayItem } from '../../lib/ledger/conformance/builders';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';
import { killRun, seedEvent } from './support/seed';

describe('replays', () => {
  let gateway: TestGateway;
  let letters: string[];
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());
  beforeEach(async () => {
    letters = [];
    for (const value of [randomUUID(), randomUUID()]) {
      const subject = `ord:shop:${value}`;
      const { runId } = await seedEvent(gateway.ledger, {
        subject,
        identifiers: { orderNumber: [{ namespace: 'shop', value }] },
      });
      letters.push(await killRun(gateway.ledger, subject, runId));
    }
  });

  const create = (body: object, as: 'operator' | 'supervisor' = 'operator') =>
    ask(gateway, 'POST /replays', {
      as,
      body: {
        name: 'after the fix',
        reason: 'mapping corrected',
        mode: 'live',
        select: { ids: letters },
        ...body,
      },
    });

  it('preview a selection item by item and are done with that', async () => {
    const { status, json } = await create({ mode: 'preview' });
    assert.equal(status, 201);
    assert.equal(json.count, 2);
    const shown = await ask(gateway, `GET /replays/${json.replay.id}`, { as: 'viewer' });
    assert.equal(shown.json.replay.state, 'done');
    assert.deepEqual(shown.json.progress, { total: 2, byOutcome: { skip: 2 } });
    const started = await ask(gateway, `POST /replays/${json.replay.id}/start`, { body: { reason: 'r' } });
    assert.equal(started.status, 409);
  });

  it('mask persons for those who only look, in the receipt and beside a path, too', async () => {
    const replay = aReplay();
    const effects = [
      {
        key: 'k',
        diff: [
          { path: '/shipTo/recipient', before: 'Ada Lovelace', after: 'Grace Hopper' },
          { path: '/quantity', before: 1, after: 2 },
        ],
      },
    ];
    await gateway.ledger.createReplay(replay, [aReplayItem(replay.id, 0, { effects })]);
    for (const call of [`GET /replays/${replay.id}/receipt`, `GET /replays/${replay.id}`])
      for (const as of ['viewer', 'analyst', 'operator'] as const) {
        const { text } = await ask(gateway, call, { as });
        assert.equal(/Lovelace|Hopper/.test(text), as === 'operator', `${call} as ${as}`);
        assert.match(text, /"path":"\/quantity","before":1,"after":2/);
      }
  });

  it('wait for their start when live, run, pause and end in cancellation', async () => {
    const { json } = await create({ ratePerSecond: 0.1 });
    assert.equal(json.replay.state, 'planned');
    assert.equal(json.replay.by, 'token:the-operator');
    const move = (name: string) =>
      ask(gateway, `POST /replays/${json.replay.id}/${name}`, { as: 'operator', body: { reason: 'r' } });
    assert.equal((await move('pause')).status, 409);
    assert.equal((await move('start')).json.replay.state, 'running');
    assert.equal((await move('pause')).json.replay.state, 'paused');
    assert.equal((await move('cancel')).json.replay.state, 'cancelled');
    assert.equal((await move('start')).status, 409);
    const audit = await ask(gateway, `GET /audit?subject=replay:${json.replay.id}`);
    const acts = audit.json.items
      .map((item: { action: string; outcome: string }) => `${item.action} ${item.outcome}`)
      .reverse();
    assert.deepEqual(acts, [
      'replay.create done',
      'replay.pause refused',
      'replay.start done',
      'replay.pause done',
      'replay.cancel done',
      'replay.start refused',
    ]);
  });

  it('planned by a supervisor with an edit or a filter are not started by an operator', async () => {
    const edited = await create({ edit: { [letters[0] ?? '']: '{}' } }, 'supervisor');
    const filtered = await create(
      { select: { filter: { partner: 'acme', since: '2020-01-01T00:00:00Z' } } },
      'supervisor',
    );
    for (const { json } of [edited, filtered]) {
      const path = `POST /replays/${json.replay.id}/start`;
      assert.equal((await ask(gateway, path, { as: 'operator', body: { reason: 'r' } })).status, 403);
      assert.equal(
        (
          await ask(gateway, `POST /replays/${json.replay.id}/cancel`, {
            as: 'operator',
            body: { reason: 'r' },
          })
        ).status,
        200,
      );
    }
    assert.ok(!(await ask(gateway, `GET /replays/${edited.json.replay.id}`)).text.includes('"edit"'));
  });

  it('are listed newest first', async () => {
    const { json } = await create({ mode: 'preview' });
    const list = await ask(gateway, 'GET /replays?limit=1', { as: 'viewer' });
    assert.equal(list.json.items[0].id, json.replay.id);
  });

  const unscoped: unknown[] = [
    {},
    { ids: [] },
    { filter: {} },
    { ids: ['a'], filter: { partner: 'x' } },
    'all',
    null,
  ];
  for (const select of unscoped) {
    it(`refuse the selection ${JSON.stringify(select)}`, async () => {
      assert.equal((await create({ select }, 'supervisor')).status, 400);
    });
  }

  it('refuse a selection that holds nothing', async () => {
    const { status, json } = await create({ select: { ids: ['none'] } });
    assert.equal(status, 422);
    assert.equal(json.code, 'replay-empty');
  });

  it('say 404 for a replay that is not there', async () => {
    assert.equal((await ask(gateway, 'GET /replays/none')).status, 404);
    assert.equal((await ask(gateway, 'POST /replays/none/start', { body: { reason: 'r' } })).status, 404);
  });
});
