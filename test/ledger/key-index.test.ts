import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { anIntent, anItem } from '../../lib/ledger/conformance/builders';
import type { Database } from '../../lib/ledger/sqlite/database';
import { SqliteDatabase } from '../../lib/ledger/sqlite/file-database';
import { runGroup } from '../../lib/ledger/sqlite/group';
import { keyHash } from '../../lib/ledger/sqlite/key-index';
import { writerOperations } from '../../lib/ledger/sqlite/operations';
import { fixPartitions, migrate } from '../../lib/ledger/sqlite/schema';
import { loadKeys } from '../../lib/ledger/sqlite/sql/keys';
import type { Call } from '../../lib/ledger/sqlite/wire';
import { SqliteHarness } from './sqlite-harness';

const lease = { partition: 0, fence: 1 };
const intents = (keys: string[]): Call => [
  'intendEffects',
  [lease, keys.map((key) => ({ ...anIntent({ key }), input: '{}' }))],
];
const keysOf = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `key-${from + at}`);

describe('The index of hashed keys', () => {
  const harness = new SqliteHarness();
  let path: string;
  let db: Database;

  const open = (): Database => {
    const opened = new SqliteDatabase(path);
    migrate(opened, 1);
    fixPartitions(opened, 4);
    loadKeys(opened);
    return opened;
  };
  const group = (...calls: Call[]) => runGroup(db, writerOperations, calls);
  /** True for each key that the ledger says is new. */
  const fresh = (keys: string[]): boolean[] => {
    const [outcome] = group(intents(keys));
    assert.ok(outcome && 'value' in outcome, JSON.stringify(outcome));
    return (outcome.value as unknown[]).map((found) => typeof found === 'number');
  };
  const stored = (): number => db.get<{ n: number }>('SELECT count(*) AS n FROM key_index')?.n ?? 0;

  let files = 0;
  beforeEach(() => {
    path = join(harness.folder, `keys-${++files}.db`);
    db = open();
    group(['acquire', [{ owner: 'w', partitions: [0], now: 1, leaseMs: 1000 }]]);
  });
  afterEach(async () => {
    db.close();
    await harness.close();
  });

  it('finds keys in memory, while they move into the table, and after they have moved', () => {
    for (let from = 0; from < 9_000; from += 500) assert.ok(fresh(keysOf(from, 500)).every(Boolean));
    assert.ok(stored() < 9_000);
    assert.ok(fresh(keysOf(0, 9_000)).every((isNew) => !isNew));
    while (stored() < 8_192) group(['ready', []]);
    assert.ok(fresh(keysOf(0, 9_000)).every((isNew) => !isNew));
  });

  it('knows every key again when the file is opened, wherever the move had come to', () => {
    for (const more of [300, 8_000, 400, 500]) {
      const from = db.get<{ n: number }>('SELECT count(*) AS n FROM effects')?.n ?? 0;
      assert.ok(fresh(keysOf(from, more)).every(Boolean));
      db.close();
      db = open();
      assert.ok(fresh(keysOf(0, from + more)).every((isNew) => !isNew));
    }
    assert.ok(stored() > 0);
  });

  it('forgets what a refused call has added, and keeps what the others of its group have', () => {
    const broken = ['intendEffects', [lease, [{ ...anIntent({ key: 'half' }), input: '{}' }, null]]] as Call;
    const outcomes = group(intents(['before']), broken, intents(['after']));
    assert.deepEqual(
      outcomes.map((outcome) => 'value' in outcome),
      [true, false, true],
    );
    assert.deepEqual(fresh(['before', 'half', 'after']), [false, true, false]);
  });

  it('compares whole keys where hashes meet', () => {
    const item = { ...anItem({ dedupKey: 'a' }), headers: '{}' };
    group(['accept', [0, [item]]]);
    db.keys.add('raw', `${item.partner}\nb`, 1);
    const [outcome] = group(['accept', [0, [{ ...anItem({ dedupKey: 'b' }), headers: '{}' }]]]);
    assert.ok(outcome && 'value' in outcome);
    assert.equal((outcome.value as { status: string }[])[0]?.status, 'accepted');
  });

  it('agrees with a plain set, whatever is written, refused and reopened in between', () => {
    const known = new Set<string>();
    const step = fc.record({
      from: fc.integer({ min: 0, max: 4_000 }),
      count: fc.integer({ min: 1, max: 900 }),
      refuse: fc.boolean(),
      reopen: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 12 }), (steps) => {
        for (const { from, count, refuse, reopen } of steps) {
          const keys = keysOf(from, count);
          if (refuse)
            group([
              'intendEffects',
              [lease, [...keys.map((key) => ({ ...anIntent({ key }), input: '{}' })), null]],
            ]);
          else {
            assert.deepEqual(
              fresh(keys),
              keys.map((key) => !known.has(key)),
            );
            for (const key of keys) known.add(key);
          }
          if (!reopen) continue;
          db.close();
          db = open();
        }
      }),
      { numRuns: 8 },
    );
  });

  it('hashes as it always has: what is stored depends on it', () => {
    assert.deepEqual(
      ['', 'a', 'fedex\n794644790138'].map(keyHash),
      [3338908027751811, 7929297801672961, 6521253095938296],
    );
    assert.ok(['x', 'y', 'é'].every((text) => Number.isSafeInteger(keyHash(text))));
  });
});
