import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CaseState } from '../../lib/model/case';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';
import { seedEvent } from './support/seed';

describe('writes', () => {
  let gateway: TestGateway;
  let opened: CaseState;
  before(async () => {
    gateway = await startGateway({ staleRequestMs: 200 });
  });
  after(() => gateway.stop());
  beforeEach(async () => {
    const value = randomUUID();
    const seeded = await seedEvent(gateway.ledger, {
      subject: `ord:shop:${value}`,
      identifiers: { orderNumber: [{ namespace: 'shop', value }] },
      opensCase: true,
    });
    assert.ok(seeded.case);
    opened = seeded.case;
  });

  const act = (body: object, options: Parameters<typeof ask>[2] = {}) =>
    ask(gateway, `POST /cases/${opened.id}/actions`, {
      as: 'supervisor',
      body: { expectedVersion: 1, reason: 'because', ...body },
      ...options,
    });

  it('need an Idempotency-Key', async () => {
    for (const headers of [{}, { 'idempotency-key': 'x'.repeat(201) }, { 'idempotency-key': 'a b' }]) {
      const { status, json } = await act({ action: 'note' }, { key: null, headers });
      assert.equal(status, 400);
      assert.equal(json.errors[0].at, '/headers/idempotency-key');
    }
    assert.equal((await gateway.ledger.case(opened.id))?.version, 1);
  });

  it('answer the first result when they are repeated, and happen once', async () => {
    const key = randomUUID();
    const first = await act({ action: 'assign', assignee: 'kim' }, { key });
    const second = await act({ action: 'assign', assignee: 'kim' }, { key });
    assert.equal(first.status, 200);
    assert.equal(first.json.case.assignee, 'kim');
    assert.deepEqual(second.json, first.json);
    assert.equal(first.headers.get('idempotency-replayed'), null);
    assert.equal(second.headers.get('idempotency-replayed'), 'true');
    assert.equal((await gateway.ledger.case(opened.id))?.version, 2);
  });

  it('count as repeated whatever the order of properties', async () => {
    const key = randomUUID();
    const body = { action: 'assign', assignee: 'kim', expectedVersion: 1, reason: 'r' };
    const first = await act({}, { key, body });
    const second = await act(
      {},
      { key, body: JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), undefined, 1) },
    );
    assert.deepEqual(second.json, first.json);
  });

  it('are refused with 422 when another body or another call comes under the key', async () => {
    const key = randomUUID();
    await act({ action: 'note' }, { key });
    const other = await act({ action: 'note', reason: 'else' }, { key });
    assert.equal(other.status, 422);
    assert.equal(other.json.code, 'idempotency-key-reused');
    const elsewhere = await ask(gateway, 'POST /partners/acme/actions', {
      as: 'supervisor',
      key,
      body: { action: 'hold', reason: 'r' },
    });
    assert.equal(elsewhere.status, 422);
  });

  it('belong to their caller: the same key of somebody else is another request', async () => {
    const key = randomUUID();
    assert.equal((await act({ action: 'note' }, { key, as: 'operator' })).status, 200);
    assert.equal(
      (await act({ action: 'note', expectedVersion: 2, reason: 'mine' }, { key, as: 'supervisor' })).status,
      200,
    );
  });

  it('happen once when they come at the same moment: the others are told to wait or get the answer', async () => {
    const key = randomUUID();
    const replies = await Promise.all(Array.from({ length: 8 }, () => act({ action: 'note' }, { key })));
    assert.ok(
      replies.every(({ status, json }) => status === 200 || (status === 409 && json.code === 'in-flight')),
    );
    assert.ok(replies.some(({ status }) => status === 200));
    assert.equal((await gateway.ledger.case(opened.id))?.version, 2);
  });

  it('keep refusals too: a repeat gets the same refusal', async () => {
    const key = randomUUID();
    const first = await act({ action: 'note', expectedVersion: 7 }, { key });
    assert.equal(first.status, 409);
    assert.equal(first.json.code, 'version-conflict');
    const second = await act({ action: 'note', expectedVersion: 7 }, { key });
    assert.deepEqual(second.json, first.json);
    assert.equal(second.headers.get('content-type'), 'application/problem+json');
  });

  it('that failed inside answer 500 without details, and may be sent again under the same key after a while', async () => {
    const key = randomUUID();
    const { cases } = gateway.deps;
    gateway.deps.cases = { act: () => Promise.reject(new Error('secret stack')) };
    const failed = await act({ action: 'note' }, { key });
    gateway.deps.cases = cases;
    assert.equal(failed.status, 500);
    assert.ok(!failed.text.includes('secret') && !failed.text.includes('at '));
    assert.ok(gateway.logged.some(({ level, text }) => level === 'error' && text === 'a call failed'));
    const deadline = Date.now() + 5_000;
    let again = await act({ action: 'note' }, { key });
    while (again.status === 409 && Date.now() < deadline) again = await act({ action: 'note' }, { key });
    assert.equal(again.status, 200);
  });

  it('are refused with 422 where the state machine says no, and that is audited', async () => {
    const { status, json } = await act({ action: 'close' });
    assert.equal(status, 422);
    assert.equal(json.code, 'wrong-state');
    assert.equal((await gateway.ledger.case(opened.id))?.state, 'DETECTED');
    const audit = await ask(gateway, `GET /audit?subject=case:${opened.id}`);
    assert.equal(audit.json.items[0].outcome, 'refused');
  });

  it('say 404 for a case that is not there', async () => {
    const body = { action: 'note', expectedVersion: 1, reason: 'r' };
    assert.equal((await ask(gateway, 'POST /cases/none/actions', { body })).status, 404);
  });

  it('do every action of the contract that the state allows', async () => {
    const run = async (body: object) => {
      const version = (await gateway.ledger.case(opened.id))?.version;
      const { status, json } = await act({ expectedVersion: version, ...body });
      assert.equal(status, 200, JSON.stringify(json));
      return json.case;
    };
    const evidence = [{ system: 'carrier', description: 'delivered, signed by Kim' }];
    assert.equal((await run({ action: 'escalate' })).level, 1);
    assert.equal((await run({ action: 'takeOver' })).state, 'MANUAL');
    assert.equal((await run({ action: 'resolve', evidence })).state, 'RESOLVED');
    assert.equal((await run({ action: 'verify', evidence })).state, 'VERIFIED');
    assert.equal((await run({ action: 'close' })).state, 'CLOSED');
    assert.equal((await run({ action: 'reopen' })).state, 'DETECTED');
    const suppressed = await run({
      action: 'suppress',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    });
    assert.equal(suppressed.state, 'SUPPRESSED');
    assert.match(suppressed.suppressedUntil, /^\d{4}-/);
  });

  const bad: [string, unknown, RegExp][] = [
    ['no body', undefined, /^\/body/],
    ['an unknown action', { action: 'explode', expectedVersion: 1, reason: 'r' }, /^\/body\/action$/],
    ['no version', { action: 'note', reason: 'r' }, /^\/body\/expectedVersion$/],
    [
      'a version that is text',
      { action: 'note', reason: 'r', expectedVersion: '1' },
      /^\/body\/expectedVersion$/,
    ],
    ['an empty reason', { action: 'note', reason: '  ', expectedVersion: 1 }, /^\/body\/reason$/],
    ['an unknown property', { action: 'note', reason: 'r', expectedVersion: 1, 'a/b': 1 }, /^\/body$/],
    ['a decision on nothing', { action: 'decide', reason: 'r', expectedVersion: 1 }, /^\/body\/outcome$/],
    [
      'an end that is no time',
      { action: 'suppress', reason: 'r', expectedVersion: 1, until: 'tomorrow' },
      /^\/body\/until$/,
    ],
  ];
  for (const [what, body, at] of bad) {
    it(`answer 400 to ${what}, naming the place`, async () => {
      const { status, json } = await ask(gateway, `POST /cases/${opened.id}/actions`, { body });
      assert.equal(status, 400);
      assert.match(json.errors[0].at, at);
    });
  }

  it('answer 400 to JSON that is none, 415 to another type, 413 above 1 MiB', async () => {
    const post = (body: string, headers: Record<string, string> = {}) =>
      ask(gateway, 'POST /replays', { body, headers });
    assert.equal((await post('{"a":')).json.code, 'malformed-json');
    assert.equal((await post('5')).status, 400);
    assert.equal((await post('{}', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await post('{}', { 'content-type': 'application/json; charset=latin1' })).status, 415);
    assert.equal((await post('{}', { 'content-encoding': 'gzip' })).status, 415);
    assert.equal((await post(JSON.stringify({ name: 'x'.repeat(1024 * 1024) }))).status, 413);
  });

  it('hold, drain, resume and switch a partner, with who and why', async () => {
    const send = (body: object) =>
      ask(gateway, 'POST /partners/acme/actions', {
        as: 'supervisor',
        body: { reason: 'maintenance', ...body },
      });
    const held = await send({ action: 'hold' });
    assert.equal(held.json.control.held, true);
    assert.equal(held.json.control.by, 'token:the-supervisor');
    assert.match(held.json.control.at, /Z$/);
    assert.equal((await send({ action: 'resume' })).json.control.held, false);
    assert.equal((await send({ action: 'mode', mode: 'automate' })).json.mode, 'automate');
    assert.equal((await send({ action: 'mode' })).status, 400);
    assert.equal(
      (await ask(gateway, 'POST /partners/none/actions', { body: { action: 'hold', reason: 'r' } })).status,
      404,
    );
  });

  it('are not offered where only reading is: 405 with what is', async () => {
    const { status, headers } = await ask(gateway, 'POST /cases', { body: {} });
    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'GET, HEAD');
    assert.equal((await ask(gateway, 'GET /replays/none/start')).headers.get('allow'), 'POST');
  });
});
