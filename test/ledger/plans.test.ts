import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  aCaseWrite,
  aFactSeed,
  anAudit,
  anIntent,
  anItem,
  aPark,
  aRun,
  aView,
} from '../../lib/ledger/conformance/builders';
import type { Parameter } from '../../lib/ledger/sqlite/database';
import { SqliteDatabase } from '../../lib/ledger/sqlite/file-database';
import { runGroup } from '../../lib/ledger/sqlite/group';
import { writerOperations } from '../../lib/ledger/sqlite/operations';
import { fixPartitions, migrate } from '../../lib/ledger/sqlite/schema';
import type { Call } from '../../lib/ledger/sqlite/wire';
import { SqliteHarness } from './sqlite-harness';

/** Remembers every statement it was given. */
class WatchedDatabase extends SqliteDatabase {
  readonly seen = new Set<string>();

  override run(sql: string, ...parameters: Parameter[]) {
    this.seen.add(sql);
    return super.run(sql, ...parameters);
  }
  override get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    this.seen.add(sql);
    return super.get<Row>(sql, ...parameters);
  }
  override all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    this.seen.add(sql);
    return super.all<Row>(sql, ...parameters);
  }
}

/** Tables that stay small whatever the ledger has seen, and the lists that a call brings along. */
const smallTables = /^SCAN (counters|partner_controls|leases|meta|json_each|\(subquery|CONSTANT ROW)/;

describe('What a run costs', () => {
  const harness = new SqliteHarness();
  let db: WatchedDatabase;
  beforeEach(() => {
    db = new WatchedDatabase(join(harness.folder, 'plans.db'));
    migrate(db, 1);
    fixPartitions(db, 4);
    db.seen.clear();
  });
  afterEach(async () => {
    db.close();
    await harness.close();
  });

  it('does not grow with the ledger: no statement of the writer scans a table that grows', () => {
    const lease = { partition: 0, fence: 1 };
    const item = { ...anItem(), headers: '{}' };
    const seed = aFactSeed();
    const write = aCaseWrite({}, [seed]);
    const { state } = write;
    const intent = { ...anIntent(), input: '{}' };
    const failure = {
      outcome: 'retry',
      dueAt: 1,
      spent: true,
      errorCode: 'E',
      error: '{}',
      at: 1,
      deadLetters: [],
    };
    const letter = {
      id: 'd',
      kind: 'run',
      ref: 'r',
      reasonCode: 'E',
      reason: '{}',
      fingerprint: 'f',
      attempt: 1,
      at: 1,
    };
    const calls: Call[] = [
      ['acquire', [{ owner: 'a', partitions: [0], now: 1, leaseMs: 1000 }]],
      ['renew', [{ owner: 'a', leases: [lease], now: 1, leaseMs: 1000 }]],
      ['accept', [0, [item], { fence: 1 }]],
      ['accept', [0, [{ ...item, id: 'conflict', contentHash: 'other' }], { fence: 1 }]],
      ['enqueueRuns', [0, [aRun({ id: 'r' }), aRun({ id: 's' })], 1000]],
      ['claimRuns', [lease, { now: 9000, limit: 10 }]],
      ['nextDueAt', [0]],
      ['recordContext', [{ factIds: [seed.fact.id], subjects: [state.subject], now: 1 }]],
      [
        'record',
        [
          0,
          {
            facts: [
              {
                id: seed.fact.id,
                subject: state.subject,
                recordedAt: 1,
                partner: 'p',
                fact: '{}',
                tokens: JSON.stringify(seed.tokens),
              },
            ],
            shipments: [{ key: state.subject, expectedVersion: 0, view: JSON.stringify(aView([seed])) }],
            cases: [
              {
                ...{
                  id: state.id,
                  tenant: 'main',
                  subject: state.subject,
                  code: state.code,
                  severity: 'S1',
                  status: state.state,
                },
                ...{
                  expectedVersion: 0,
                  version: 1,
                  open: true,
                  detectedAt: 1,
                  state: '{}',
                  carrier: undefined,
                  measured: '[]',
                  tokens: [],
                  factIds: [seed.fact.id],
                },
                events: [{ version: 1, event: '{}' }],
              },
            ],
            runs: [],
            audit: [anAudit()],
            now: 1,
          },
        ],
      ],
      ['intendEffects', [lease, [intent]]],
      ['resolveEffects', [lease, [{ key: intent.key, state: 'UNKNOWN', at: 1 }]]],
      ['decideEffect', [intent.key, 'CONFIRMED', 'ada', 1]],
      [
        'park',
        [
          lease,
          [
            { ...aPark('r'), message: '{}' },
            { ...aPark('r', { signal: 's' }), message: '{}' },
          ],
        ],
      ],
      [
        'settleRuns',
        [
          lease,
          [
            { ...failure, runId: 's' },
            { ...failure, outcome: 'done', runId: 'r' },
          ],
        ],
      ],
      ['reviveRun', [lease, 'r']],
      ['fireTimers', [lease, { now: 9000, limit: 1 }]],
      ['signal', [0, { signal: 's', now: 1 }]],
      ['hastenRuns', [0, { errorCode: 'E', now: 0 }]],
      ['addDeadLetters', [0, [letter]]],
      ['resolveDeadLetters', [['d'], 'replayed', '{}', 1]],
      ['beginRequest', [{ key: 'k', actor: 'a', bodyHash: 'h', now: 1, staleMs: 1 }]],
      ['finishRequest', [{ key: 'k', actor: 'a', status: 200, body: '{}', now: 1 }]],
      ['backlog', []],
      ['rawPayload', [item.id]],
      ['acquire', [{ owner: 'b', partitions: [0], now: 1, leaseMs: 1000, force: true }]],
    ];
    const outcomes = runGroup(db, writerOperations, calls);
    assert.deepEqual(
      outcomes.flatMap((outcome, index) =>
        'error' in outcome ? [[calls[index]?.[0], outcome.error.message]] : [],
      ),
      [],
    );
    const statements = [...db.seen];
    assert.ok(statements.length > 30, `only ${statements.length} statements were seen`);
    const scans = statements.flatMap((sql) =>
      Database.prototype.all
        .call(db, `EXPLAIN QUERY PLAN ${sql}`)
        .map((row) => String((row as { detail: string }).detail))
        .filter((detail) => detail.startsWith('SCAN') && !smallTables.test(detail))
        .map((detail) => `${detail}: ${sql}`),
    );
    assert.deepEqual(scans, []);
  });
});
