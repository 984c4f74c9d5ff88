import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { waitUntil } from '../support';
import { RecordingEngine } from './support/engine';
import { acme, benches } from './support/flow';

describe('Sources', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
  });

  it('partner in registers for the partner it names and sends what is delivered', async () => {
    const bench = await start({ engine, node: { type: 'reroute-partner-in', name: 'in', partner: 'p' } });
    const source = engine.sources.get('n');
    assert.deepEqual(source && 'partnerId' in source && [source.kind, source.partnerId, source.node], [
      'partner-in',
      'acme',
      { id: 'n', type: 'reroute-partner-in', z: 'tab', name: 'in' },
    ]);
    if (source?.kind === 'partner-in')
      source.deliver({
        payload: 'bytes',
        reroute: { runId: 'r', correlationId: 'c', generation: 1, attempt: 1, plan: '0' },
      });
    const [sent] = await waitUntil(() => bench.sent.length > 0 && bench.sent);
    assert.equal(sent?.message.payload, 'bytes');
    assert.equal(sent?.message.reroute?.runId, 'r');
  });

  it('partner in without its partner is no source, and says so below the node', async () => {
    const bench = await start({ engine, node: { type: 'reroute-partner-in', partner: 'gone' } });
    assert.equal(engine.sources.size, 0);
    assert.ok(bench.node);
  });

  it('exception in registers its filters; empty ones match everything', async () => {
    await start({
      engine,
      node: { type: 'reroute-exception-in', codes: ['LOST', 'DAMAGED'], regions: 'US, DE-BY', partners: '' },
    });
    const source = engine.sources.get('n');
    assert.deepEqual(source?.kind === 'exception-in' && [source.codes, source.regions, source.partners], [
      ['LOST', 'DAMAGED'],
      ['US', 'DE-BY'],
      [],
    ]);
  });

  it('exception in takes no code that the taxonomy does not have', async () => {
    await start({ engine, node: { type: 'reroute-exception-in', codes: ['LATE'] } });
    assert.equal(engine.sources.size, 0);
  });

  it('a source and a partner leave the engine when they are stopped', async () => {
    await start({ engine, node: { type: 'reroute-partner-in', partner: 'p' } });
    assert.deepEqual([engine.sources.size, engine.partners.size], [1, 1]);
    await helper.unload();
    assert.deepEqual([engine.sources.size, engine.partners.size], [0, 0]);
  });
});

describe('partner', () => {
  const start = benches();
  const given = async (more: Record<string, unknown>): Promise<RecordingEngine> => {
    const engine = new RecordingEngine();
    await start({ engine, node: { type: 'reroute-record' }, others: [{ ...acme, ...more }] });
    return engine;
  };

  it('gives the engine its form: limits only where they are set, secrets as lists of references', async () => {
    const engine = await given({
      ...{
        endpoint: 'https://tms.example',
        region: 'US',
        ratePerSecond: '2.5',
        concurrency: '',
        timeoutMs: 4000,
      },
      ...{
        secrets: { token: 'env:NEW_TOKEN, file:/run/secrets/old', webhookSecret: '' },
        settings: { timeZone: 'UTC' },
      },
    });
    assert.deepEqual(engine.partners.get('acme'), {
      ...{
        id: 'acme',
        connectorId: 'rest-tms',
        endpoint: 'https://tms.example',
        region: 'US',
        mode: 'automate',
        settings: { timeZone: 'UTC' },
      },
      secrets: { token: ['env:NEW_TOKEN', 'file:/run/secrets/old'] },
      limits: { ratePerSecond: 2.5, timeoutMs: 4000 },
      fetch: { enabled: true },
      folders: {},
      overrides: [],
    });
  });

  it('observes unless the form says more', async () => {
    assert.equal((await given({ mode: undefined })).partners.get('acme')?.mode, 'observe');
  });

  for (const [what, more] of [
    ['a secret given as its value', { secrets: { token: 'hunter2' } }],
    ['an id that does not fit into a path', { partnerId: 'Acme Inc' }],
    ['a limit of zero', { ratePerSecond: '0' }],
    ['no connector', { connector: '' }],
    ['a mode that does not exist', { mode: 'yolo' }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal((await given(more)).partners.size, 0);
    });
  }
});
