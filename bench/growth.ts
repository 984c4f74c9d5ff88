/** (c) Cost of a run's ledger work with 1 k, 100 k and 1 M facts already there: it must stay flat. */
import { join } from 'node:path';
import { v7 } from 'uuid';
import { planRecord } from '../lib/engine/facts/plan';
import type { FactSeed } from '../lib/ledger/cases';
import { openLedger } from '../lib/ledger/open';
import type { Ledger } from '../lib/ledger/port';
import { defaultPatience } from '../lib/model/deadlines';
import type { Fact } from '../lib/model/fact';
import { factId, identifierTokens } from '../lib/model/keys';
import { dataSchemaUri } from '../lib/model/wire';
import { scratch } from './processes';

export interface GrowthRow {
  facts: number;
  /** Milliseconds of wall time a run's calls take, 64 at a time. */
  msPerRun: number;
}

const partition = 0;
const inFlight = 64;
const measured = Number(process.env.BENCH_GROWTH_RUNS ?? 3_000);

function factOf(ordinal: number): FactSeed {
  const value = `G${ordinal}`;
  const identifiers = { shipmentId: [{ namespace: 'bench', value }] };
  const time = new Date(Date.UTC(2026, 0, 1) + ordinal * 1000).toISOString();
  const source = '/default/bench/bench';
  const fact: Fact = {
    specVersion: '1.0',
    id: factId(source, value),
    source,
    type: 'org.reroute.shipment.milestone.v1',
    subject: `shp:bench:${value}`,
    time,
    dataSchema: dataSchemaUri(),
    correlationId: value,
    recordedTime: time,
    partitionKey: value,
    dedupKey: value,
    data: {
      time: {
        eventTime: time,
        eventTimeZoneOffset: '+00:00',
        recordTime: time,
        timeClassifier: 'ACTUAL',
        timeConfidence: 'SOURCE_OFFSET',
      },
      identifiers,
      milestone: 'IN_TRANSIT',
    },
  };
  return { fact, partner: 'bench', tokens: identifierTokens(identifiers) };
}

async function record(ledger: Ledger, seeds: FactSeed[]): Promise<void> {
  const now = Date.now();
  const context = await ledger.recordContext(partition, {
    factIds: seeds.map(({ fact }) => fact.id),
    subjects: seeds.map(({ fact }) => fact.subject),
    now,
  });
  const plan = planRecord(seeds, context, {
    now,
    tenant: 'default',
    newId: v7,
    runId: 'bench',
    patienceOf: () => defaultPatience,
    calendars: new Map(),
    takes: () => false,
    follows: () => false,
  });
  await ledger.record(partition, plan.commit);
}

/** What one run of the measured flow asks of the ledger: accept, record, intend, resolve, settle. */
async function oneRun(ledger: Ledger, fence: number, ordinal: number): Promise<void> {
  const id = v7();
  const lease = { partition, fence };
  const at = Date.now();
  const body = Buffer.from(`{"ordinal":${ordinal}}`);
  await ledger.accept(
    partition,
    [
      {
        id,
        partner: 'bench',
        dedupKey: id,
        contentHash: id,
        orderKey: id,
        mediaType: 'application/json',
        headers: {},
        body,
        receivedAt: at,
        correlationId: id,
      },
    ],
    { fence },
  );
  await record(ledger, [factOf(ordinal)]);
  await ledger.intendEffects(lease, [
    {
      key: id,
      runId: id,
      rootRunId: id,
      partner: 'bench',
      operation: 'eta',
      safety: 'keyed',
      plan: '1',
      step: 'eta',
      target: id,
      input: {},
      state: 'INTENDED',
      correlationId: id,
      at,
    },
  ]);
  await ledger.resolveEffects(lease, [{ key: id, state: 'CONFIRMED', sent: true, output: {}, at }]);
  await ledger.settleRuns(lease, [{ runId: id, outcome: 'done', at }]);
}

async function fill(ledger: Ledger, from: number, to: number): Promise<void> {
  const batch = 500;
  for (let start = from; start < to; start += batch) {
    await record(
      ledger,
      Array.from({ length: Math.min(batch, to - start) }, (_, index) => factOf(start + index)),
    );
  }
}

export async function growthRows(sizes: number[]): Promise<GrowthRow[]> {
  const folder = scratch();
  const ledger = await openLedger(`sqlite:${join(folder.path, 'ledger.db')}`);
  const rows: GrowthRow[] = [];
  try {
    const [lease] = await ledger.acquire({
      owner: 'bench',
      partitions: [partition],
      now: Date.now(),
      leaseMs: 3_600_000,
      force: true,
    });
    let facts = 0;
    for (const size of sizes) {
      await fill(ledger, facts, size);
      facts = size;
      let next = 0;
      const startedAt = performance.now();
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          while (next < measured) await oneRun(ledger, lease?.fence ?? 1, facts + next++);
        }),
      );
      rows.push({ facts: size, msPerRun: (performance.now() - startedAt) / measured });
      facts += measured;
    }
  } finally {
    await ledger.close();
    folder.remove();
  }
  return rows;
}
