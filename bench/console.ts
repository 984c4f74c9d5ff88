/** (e) What the console asks of a ledger with many cases: lists, facets, search and the overview. */
import { join } from 'node:path';
import { assembleOverview } from '../lib/gateway/views/overview';
import type { CaseFilter, CaseWrite, caseSorts } from '../lib/ledger/cases';
import { openLedger } from '../lib/ledger/open';
import type { Ledger } from '../lib/ledger/port';
import { type CaseState, type CaseStateName, openStates } from '../lib/model/case';
import { exceptionCodes } from '../lib/model/taxonomy';
import { scratch } from './processes';

export interface ConsoleRow {
  question: string;
  p50: number;
  p95: number;
}

const cases = Number(process.env.BENCH_CASES ?? 200_000);
const rounds = 40;
const hour = 3_600_000;
const dayMs = 24 * hour;

/** A small generator with a seed: the same ledger every time (https://en.wikipedia.org/wiki/Lehmer_random_number_generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const states: readonly CaseStateName[] = [
  'DETECTED',
  'ENRICHED',
  'DECISION_PENDING',
  'REMEDIATING',
  'AWAITING_ACK',
  'MANUAL',
  'RESOLVED',
  'VERIFIED',
];
const ended: readonly CaseStateName[] = ['CLOSED', 'SUPPRESSED', 'CANCELLED'];

function aCase(ordinal: number, random: () => number, now: number): CaseWrite {
  const pick = <T>(items: readonly T[], skew = 2): T =>
    items[Math.floor(random() ** skew * items.length)] as T;
  const open = ordinal % 2 === 0;
  const at = now - Math.floor(random() * 90 * dayMs);
  const site = Math.floor(random() ** 2 * 40);
  const region = ['US', 'DE', 'FR', 'GB', 'PL', 'US-CA'][site % 6] ?? 'US';
  const partner = `partner-${Math.floor(random() ** 2 * 24)}`;
  const code = pick(exceptionCodes);
  const order = `SO${1_000_000 + ordinal}`;
  const state: CaseState = {
    id: `case-${ordinal}`,
    tenant: 'default',
    subject: `ord:shop:${order}`,
    code,
    state: pick(open ? states : ended),
    severity: pick(['S3', 'S2', 'S4', 'S1'] as const),
    version: 1,
    correlationId: `c${ordinal}`,
    openedAt: at,
    onsetAt: at - Math.floor(random() * 6 * hour),
    onsetTrusted: true,
    detectedAt: at,
    updatedAt: at,
    context: {
      orderValue: { amountMinor: String(Math.floor(random() * 1e6)), currency: 'EUR' },
      slaTier: pick(['STANDARD', 'PRIORITY', 'STRATEGIC'] as const),
      promisedDeliveryAt: new Date(at + 3 * dayMs).toISOString(),
    },
    identifiers: {
      orderNumber: [{ namespace: 'shop', value: order }],
      trackingNumber: [{ carrier: partner, value: `1Z${1_000_000 + ordinal}` }],
    },
    partner,
    region,
    warehouse: `W${site}`,
    level: 0,
    reopenCount: 0,
    factCount: 1,
    clocks: { acknowledgeDueAt: at + 4 * hour, resolveDueAt: at + 91 * dayMs },
    planVersion: 0,
    verifyFailures: 0,
    evidence: [],
    ...(random() < 0.2 && { assignee: `user-${Math.floor(random() * 12)}` }),
    ...(!open && { endedAt: at + dayMs, lastVerifiedAt: at + Math.floor(random() * dayMs) }),
  };
  return { state, expectedVersion: 0, events: [], factIds: [], tokens: tokensOf(order, ordinal) };
}

function tokensOf(order: string, ordinal: number): CaseWrite['tokens'] {
  const tracking = `1Z${1_000_000 + ordinal}`;
  return [
    { kind: 'orderNumber', namespace: 'shop', value: order, normalized: order },
    { kind: 'trackingNumber', namespace: '', value: tracking, normalized: tracking },
  ];
}

async function fill(ledger: Ledger, now: number): Promise<void> {
  const random = seeded(20_260_101);
  const batch = 500;
  for (let start = 0; start < cases; start += batch) {
    const writes = Array.from({ length: Math.min(batch, cases - start) }, (_, index) =>
      aCase(start + index, random, now),
    );
    await ledger.record(0, { facts: [], shipments: [], cases: writes, runs: [], audit: [], now });
  }
}

type Ask = (ledger: Ledger, round: number, now: number) => Promise<unknown>;

const open: CaseFilter = { state: [...openStates] };
const list =
  (filter: CaseFilter, sort: (typeof caseSorts)[number] = '-detectedAt'): Ask =>
  (ledger) =>
    ledger.cases(filter, { limit: 100, sort });

/** What operators ask most, and what is hardest to answer: rare values, deep pages, prefixes that nearly everything has. */
const questions: Record<string, Ask> = {
  'list, open, newest first': list(open),
  'list, open, most severe first': list(open, 'severity'),
  'list, open, due first': list(open, 'resolveDueAt'),
  'list, a rare warehouse and code': list({ ...open, warehouse: 'W39', code: ['INTEGRATION_FAILURE'] }),
  'list, nothing fits': list({ partner: 'partner-0', region: 'nowhere' }),
  'list, every state': list({}),
  'list, the tenth page': async (ledger) => {
    let cursor: string | undefined;
    for (let page = 0; page < 10; page += 1) {
      const answer = await ledger.cases(open, { limit: 100, ...(cursor !== undefined && { cursor }) });
      cursor = answer.nextCursor ?? undefined;
    }
  },
  'facets, open': (ledger) => ledger.caseFacets(open),
  'facets, filtered by three fields': (ledger) =>
    ledger.caseFacets({ ...open, severity: ['S2'], partner: 'partner-1', region: 'DE' }),
  'facets, every state': (ledger) => ledger.caseFacets({}),
  'facets, by age': (ledger, _round, now) => ledger.caseFacets({ ...open, detectedFrom: now - 5 * dayMs }),
  'search, one order': (ledger, round) => ledger.cases({ q: `SO${1_000_000 + round * 997}` }, { limit: 8 }),
  'search, a beginning of ten': (ledger, round) =>
    ledger.cases({ q: `SO10${10_000 + round}` }, { limit: 100 }),
  'search, a beginning of all': (ledger) => ledger.cases({ q: 'SO1' }, { limit: 100 }),
  overview: (ledger, _round, now) => assembleOverview(ledger, [], now),
};

export async function consoleRows(): Promise<ConsoleRow[]> {
  const folder = scratch();
  const ledger = await openLedger(`sqlite:${join(folder.path, 'ledger.db')}`);
  const now = Date.now();
  try {
    await fill(ledger, now);
    const rows: ConsoleRow[] = [];
    for (const [question, ask] of Object.entries(questions)) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const startedAt = performance.now();
        await ask(ledger, round, now);
        times.push(performance.now() - startedAt);
      }
      times.sort((a, b) => a - b);
      rows.push({ question, p50: times[rounds / 2] ?? 0, p95: times[Math.floor(rounds * 0.95)] ?? 0 });
    }
    return rows;
  } finally {
    await ledger.close();
    folder.remove();
  }
}
