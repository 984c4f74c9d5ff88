/** What a record asks of the ledger, and what it does when somebody was faster. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import type { EngineDeps } from '../../lib/engine/deps';
import { Recorder } from '../../lib/engine/facts/record';
import { defaultLimits } from '../../lib/engine/limits';
import { PartnerRegistry } from '../../lib/engine/partners/registry';
import { SecretStore } from '../../lib/engine/partners/secrets';
import { ActiveRun } from '../../lib/engine/runs/active-run';
import { openLedger } from '../../lib/ledger/open';
import type { Ledger } from '../../lib/ledger/port';
import type { FactDraft } from '../../lib/model/fact';
import { documentUri, partitionOf } from '../../lib/model/keys';
import { aFact } from '../support/fact-builder';

const shipment = 'trk:ups:1Z1';

/** A draft about the shipment of the fact builder. */
function draft(key: string, code?: 'DAMAGED' | 'LOST' | 'UNMAPPED_STATUS'): FactDraft {
  const exception = code === undefined ? {} : { exception: { code } };
  const identifiers = { trackingNumber: [{ carrier: 'ups', value: '1Z1' }] };
  const { type, dedupKey, data } = aFact({ key, data: { identifiers, ...exception } });
  return { type, dedupKey: `${dedupKey}-${key}`, data };
}

describe('Recording facts', () => {
  let ledger: Ledger;
  let asked: number;
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reroute-record-'));
    const opened = await openLedger(`sqlite:${join(folder, 'ledger.db')}`);
    asked = 0;
    ledger = {
      ...opened,
      recordContext: (...request) => {
        asked += 1;
        return opened.recordContext(...request);
      },
    };
  });
  afterEach(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true });
  });

  function recorder(): Recorder {
    const deps: EngineDeps = {
      ledger,
      dispatch: { start: async () => undefined, stop: async () => undefined, notify: () => undefined },
      connectors: () => undefined,
      environment: {},
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      tenant: 'test',
      now: Date.now,
      newId: v7,
      random: Math.random,
      limits: defaultLimits,
    };
    const secrets = new SecretStore(deps.environment);
    const partners = new PartnerRegistry(deps.connectors, secrets, deps.limits, ledger, deps.now);
    const none = () => false;
    return new Recorder(deps, partners, none, none);
  }
  /** A delivery as it is claimed: `unseen` when the ledger knew nothing of its shipment. */
  async function delivery(): Promise<ActiveRun> {
    const partition = partitionOf(shipment, ledger.partitions);
    const id = v7();
    const [lease] = await ledger.acquire({
      owner: 'w',
      partitions: [partition],
      now: 1,
      leaseMs: 1000,
      force: true,
    });
    assert.ok(lease);
    const item = {
      id,
      partner: 'p',
      dedupKey: id,
      contentHash: id,
      orderKey: shipment,
      mediaType: 'text/plain',
    };
    const body = Buffer.from('x');
    await ledger.accept(partition, [{ ...item, headers: {}, body, receivedAt: 1, correlationId: id }]);
    const claimed = (await ledger.claimRuns(lease, { now: 2, limit: 10 })).find((run) => run.id === id);
    assert.ok(claimed);
    return new ActiveRun(claimed, lease, 2);
  }

  it('asks nothing of a shipment that nobody has heard of, and once of one that is known', async () => {
    const earlier = await delivery();
    const first = await recorder().record(earlier, [draft('a', 'DAMAGED')]);
    await ledger.settleRuns(earlier.lease, [{ runId: earlier.id, outcome: 'done', at: 3 }]);
    assert.deepEqual([first.appended, first.cases[0]?.opened, asked], [1, true, 0]);
    const second = await delivery();
    const again = await recorder().record(second, [draft('a', 'DAMAGED'), draft('b')]);
    assert.deepEqual([again.appended, again.duplicates, asked], [1, 1, 1]);
  });

  it('lets a fact be found by the document of ours that it is about', async () => {
    const run = await delivery();
    const { data, ...rest } = draft('refusal');
    const evidence = [{ kind: 'document' as const, uri: documentUri('x12', '000000017') }];
    await recorder().record(run, [{ ...rest, data: { ...data, identifiers: {}, evidence } }]);
    const [link, ...others] = await ledger.subjectsOf(['000000017']);
    assert.deepEqual(others, []);
    assert.partialDeepStrictEqual(link, { kind: 'document', namespace: 'x12', assertedBy: 'p' });
    assert.ok(link?.subject.startsWith('fact:'));
  });

  it('asks when another delivery has brought the shipment up in the meantime', async () => {
    const slow = await delivery();
    assert.equal(slow.record.unseen, true);
    await recorder().record(slow, [draft('fast', 'DAMAGED')]);
    slow.record.unseen = true;
    const outcome = await recorder().record(slow, [draft('slow', 'DAMAGED')]);
    assert.deepEqual([outcome.appended, outcome.cases.map(({ opened }) => opened), asked], [1, [false], 1]);
    const view = await ledger.shipment(shipment);
    assert.equal(view?.version, 2);
  });

  it('corrects what was unmapped when its delivery is replayed after the mapping, once', async () => {
    const first = await delivery();
    await recorder().record(first, [draft('a', 'UNMAPPED_STATUS')]);
    const replay = () =>
      new ActiveRun({ ...first.record, id: v7(), kind: 'replay', unseen: false }, first.lease, 3);
    const unchanged = await recorder().record(replay(), [draft('a', 'UNMAPPED_STATUS')]);
    assert.deepEqual([unchanged.appended, unchanged.duplicates], [0, 1]);
    const mapped = await recorder().record(replay(), [draft('a', 'DAMAGED')]);
    assert.deepEqual(
      mapped.cases.map(({ code, opened }) => [code, opened]),
      [['DAMAGED', true]],
    );
    const view = await ledger.shipment(shipment);
    assert.deepEqual(
      view?.view.exceptions.map(({ code }) => code),
      ['DAMAGED'],
    );
    const again = await recorder().record(replay(), [draft('a', 'DAMAGED')]);
    assert.equal(again.appended, 0);
  });
});
