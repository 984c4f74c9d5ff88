import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { connector as restTms } from '../../lib/connectors/rest-tms';
import { RecordingEngine } from './support/engine';
import { acme, benches, type Setting } from './support/flow';

describe('What the editor asks the runtime', () => {
  const start = benches();
  let engine: RecordingEngine;
  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  const open = async (node: Setting['node'] = { type: 'reroute-record' }) => {
    engine = new RecordingEngine();
    engine.operations = restTms.operations;
    return start({ engine, connectors: [restTms], node });
  };

  it('lists connectors as data: settings and inputs as JSON Schema, secrets by name, operations with their safety', async () => {
    await open();
    const { status, body } = await helper.request().get('/reroute/connectors');
    assert.equal(status, 200);
    const [connector] = body as {
      id: string;
      settings: { type: string };
      secrets: { name: string }[];
      operations: { id: string; safety: string; input: { required: string[] } }[];
    }[];
    assert.equal(connector?.id, 'rest-tms');
    assert.equal(connector?.settings.type, 'object');
    assert.deepEqual(
      connector?.secrets.map(({ name }) => name),
      ['token', 'webhookSecret'],
    );
    const book = connector?.operations.find(({ id }) => id === 'book');
    assert.deepEqual([book?.safety, book?.input.required], ['keyed', ['orderNumber', 'carrier']]);
  });

  it('lists the operations of a deployed partner, and of a connector that is only drawn', async () => {
    await open();
    const ids = (body: unknown) => (body as { id: string }[]).map(({ id }) => id);
    const deployed = await helper
      .request()
      .get('/reroute/operations')
      .query({ partner: 'acme', kind: 'tms' });
    assert.ok(ids(deployed.body).includes('rebook'));
    const drawn = await helper
      .request()
      .get('/reroute/operations')
      .query({ partner: 'later', connector: 'rest-tms' });
    assert.deepEqual(ids(drawn.body), ids(deployed.body));
    const other = await helper.request().get('/reroute/operations').query({ partner: 'acme', kind: 'erp' });
    assert.deepEqual(other.body, []);
    assert.equal((await helper.request().get('/reroute/operations').query({ kind: 'magic' })).status, 400);
  });

  it('lists the exception codes of the taxonomy', async () => {
    await open();
    const codes = (await helper.request().get('/reroute/exception-codes')).body as { code: string }[];
    assert.ok(codes.some(({ code }) => code === 'INVENTORY_SHORT_PICK'));
  });

  it('says what is wrong with a partner while it is edited', async () => {
    await open();
    const { body } = await helper
      .request()
      .post('/reroute/partner/check')
      .send({ ...acme, secrets: { token: 'plain text' } });
    assert.match((body as string[])[0] ?? '', /secrets\.token: must be a reference/);
    engine.problems = ['Secret token (Bearer token) is required.'];
    assert.deepEqual(
      (await helper.request().post('/reroute/partner/check').send(acme)).body,
      engine.problems,
    );
    engine.problems = [];
    assert.deepEqual(
      (
        await helper
          .request()
          .post('/reroute/partner/check')
          .send({ ...acme, endpoint: ['$', '{TMS_ENDPOINT}'].join('') })
      ).body,
      [],
    );
  });

  it('judges a decision table: gaps with an example, rows that never hit, expressions', async () => {
    await open();
    const input = { name: 'ratio', type: 'number', min: 0, max: 1, required: true };
    const table = {
      name: 't',
      version: '1',
      inputs: [input],
      outputs: [{ name: 'outcome' }],
      rows: [row('> 0.5', 'SPLIT'), row('> 0.7', 'MANUAL')],
    };
    const check = async (body: object) =>
      (await helper.request().post('/reroute/policy/check').send(body)).body as {
        kind: string;
        rows: number[];
        example?: object;
      }[];
    const issues = await check({ table, expressions: { ratio: 'payload' } });
    assert.deepEqual(
      issues.map(({ kind }) => kind),
      ['unreachable', 'gap'],
    );
    assert.deepEqual(issues[0]?.rows, [1]);
    assert.ok(issues[1]?.example);
    assert.deepEqual(
      (
        await check({ table: { ...table, rows: [row('>>', 'SPLIT')] }, expressions: { ratio: 'payload.' } })
      ).map(({ kind }) => kind),
      ['invalid', 'invalid'],
    );
    assert.equal((await helper.request().post('/reroute/policy/check').send([])).status, 400);
  });

  it('replays by the button, and says so when there is no such node', async () => {
    await open({ type: 'reroute-replay', reason: 'again', partner: 'acme' });
    engine.answers.replay = { id: 'P1', count: 2 };
    assert.deepEqual((await helper.request().post('/reroute/replay/run/n')).body, { id: 'P1', count: 2 });
    assert.equal((engine.asked('replay')[0] as { by: string }).by, 'editor');
    assert.equal((await helper.request().post('/reroute/replay/run/nobody')).status, 400);
  });

  it('answers a refused replay with its reason', async () => {
    await open({ type: 'reroute-replay', reason: 'again' });
    const { status, body } = await helper.request().post('/reroute/replay/run/n');
    assert.equal(status, 422);
    assert.equal((body as { code: string }).code, 'REPLAY_UNSCOPED');
  });
});

/** A row that tests `ratio`. */
function row(test: string, outcome: string): object {
  return { when: { ratio: test }, then: { outcome } };
}
