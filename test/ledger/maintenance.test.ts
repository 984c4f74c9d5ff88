import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { partitions } from '../../lib/ledger/conformance';
import { aCaseWrite, anItem } from '../../lib/ledger/conformance/builders';
import { sqliteMigrations } from '../../lib/ledger/migrations/sqlite';
import { openLedger, sqlitePath } from '../../lib/ledger/open';
import { openSqliteLedger } from '../../lib/ledger/sqlite/engine';
import { backup, migrate, restore } from '../../lib/ledger/sqlite/maintenance';
import { applicationId, currentVersion } from '../../lib/ledger/sqlite/schema';
import { FatalError, isRerouteError } from '../../lib/model/errors';
import { SqliteHarness } from './sqlite-harness';

const withCode = (code: string) => (error: unknown) =>
  error instanceof FatalError && isRerouteError(error) && error.code === code && error.hint !== undefined;

describe('SQLite ledger file', () => {
  const harness = new SqliteHarness();
  afterEach(() => harness.close());

  /** Runs SQL on the closed file. */
  function alter(path: string, sql: string): void {
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
  }

  it('is created with every step recorded, and migrating again does nothing', async () => {
    await (await harness.open()).close();
    const db = new DatabaseSync(harness.path, { readOnly: true });
    const steps = db.prepare('SELECT version FROM migrations ORDER BY version').all();
    db.close();
    const versions = sqliteMigrations.map(({ version }) => version);
    assert.deepEqual(
      steps.map((step) => step.version),
      versions,
    );
    assert.deepEqual(
      [...new Set(versions)].sort((a, b) => a - b),
      versions,
      'versions rise',
    );
    assert.deepEqual(migrate(harness.path), []);
  });

  it('migrates an empty file', () => {
    const path = join(harness.folder, 'fresh.db');
    assert.deepEqual(
      migrate(path),
      sqliteMigrations.map(({ name }) => name),
    );
  });

  it('counts the cases of a file that was written before their sums were kept', async () => {
    const path = join(harness.folder, 'old.db');
    const { state } = aCaseWrite({ region: 'US', partner: 'p1' });
    const before = sqliteMigrations.filter(({ version }) => version < 7);
    alter(path, `${before.map(({ sql }) => sql).join('\n')}; PRAGMA application_id = ${applicationId};`);
    alter(
      path,
      `PRAGMA user_version = ${before.at(-1)?.version}; INSERT INTO meta VALUES ('partitions', '4')`,
    );
    const db = new DatabaseSync(path);
    for (const { version, name } of before)
      db.prepare('INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, 0)').run(version, name);
    db.exec(`INSERT INTO shipments (seq, key, version, view) VALUES (1, '${state.subject}', 0, NULL)`);
    db.prepare(
      `INSERT INTO cases (id, partition, version, open, tenant, shipment, code, severity, status, partner, region, detected_at, sort_due_at, state)
       VALUES (?, 0, 1, 1, 't', 1, ?, ?, 'DETECTED', 'p1', 'US', ?, 0, ?)`,
    ).run(state.id, state.code, state.severity, state.detectedAt, JSON.stringify(state));
    db.close();
    assert.ok(migrate(path).includes('insights'));
    const ledger = await openSqliteLedger(path);
    assert.deepEqual(await ledger.openBy('region'), [{ value: 'US', count: 1 }]);
    assert.equal((await ledger.caseFacets({ partner: 'p1' })).total, 1);
    assert.equal((await ledger.caseCounts()).length, 1);
    await ledger.close();
  });

  it('is refused when newer code wrote it, and left as it is', async () => {
    await (await harness.open()).close();
    alter(harness.path, `PRAGMA user_version = ${currentVersion + 1}`);
    const before = readFileSync(harness.path);
    await assert.rejects(openSqliteLedger(harness.path), withCode('LEDGER_NEWER'));
    assert.throws(() => migrate(harness.path), withCode('LEDGER_NEWER'));
    assert.deepEqual(readFileSync(harness.path), before);
  });

  it("is refused when it is somebody else's database, or no database", async () => {
    const foreign = join(harness.folder, 'foreign.db');
    alter(foreign, 'CREATE TABLE t (a)');
    await assert.rejects(openSqliteLedger(foreign), withCode('LEDGER_FOREIGN'));
    const text = join(harness.folder, 'notes.txt');
    writeFileSync(text, 'not a database'.repeat(500));
    await assert.rejects(openSqliteLedger(text), withCode('LEDGER_DAMAGED'));
    assert.equal(readFileSync(text, 'utf8').slice(0, 14), 'not a database');
  });

  it('keeps its number of partitions', async () => {
    await (await harness.open()).close();
    await assert.rejects(
      openSqliteLedger(harness.path, { partitions: partitions + 1 }),
      withCode('LEDGER_PARTITIONS'),
    );
    const ledger = await openSqliteLedger(harness.path);
    assert.equal(ledger.partitions, partitions);
    await ledger.close();
  });

  it('is backed up while it is written to, and restored', async () => {
    const ledger = await harness.open();
    const before = Array.from({ length: 200 }, () => anItem());
    await ledger.accept(0, before);
    const writing = Promise.all(Array.from({ length: 200 }, () => ledger.accept(0, [anItem()])));
    const copy = join(harness.folder, 'copy.db');
    await backup(harness.path, copy);
    await writing;
    await assert.rejects(backup(harness.path, copy), withCode('BACKUP_EXISTS'));
    const target = join(harness.folder, 'deeper', 'restored.db');
    assert.deepEqual(await restore(copy, target), { replaced: undefined });
    const restored = await openSqliteLedger(target, { partitions });
    for (const item of before) assert.ok(await restored.rawPayload(item.id));
    await restored.close();
  });

  it('is not overwritten while it is in use; afterwards the former one is kept', async () => {
    const ledger = await harness.open();
    const copy = join(harness.folder, 'copy.db');
    await backup(harness.path, copy);
    const item = anItem();
    await ledger.accept(0, [item]);
    await assert.rejects(restore(copy, harness.path), withCode('LEDGER_IN_USE'));
    assert.ok(await ledger.rawPayload(item.id));
    await ledger.accept(0, [anItem()]);
    await ledger.close();
    const { replaced } = await restore(copy, harness.path);
    const now = await openSqliteLedger(harness.path);
    assert.equal(await now.rawPayload(item.id), undefined);
    await now.close();
    const former = await openSqliteLedger(replaced ?? '');
    assert.ok(await former.rawPayload(item.id));
    await former.close();
  });

  it('does not restore a damaged, foreign, newer or missing backup', async () => {
    const ledger = await harness.open();
    await ledger.accept(
      0,
      Array.from({ length: 300 }, () => anItem()),
    );
    const good = join(harness.folder, 'good.db');
    await backup(harness.path, good);
    const bytes = readFileSync(good);
    const target = join(harness.folder, 'target.db');
    const damaged = join(harness.folder, 'damaged.db');
    bytes.fill(0xa5, 4096 * 20, 4096 * 60);
    writeFileSync(damaged, bytes);
    await assert.rejects(restore(damaged, target), withCode('BACKUP_DAMAGED'));
    writeFileSync(damaged, bytes.subarray(0, 5000));
    await assert.rejects(restore(damaged, target), withCode('BACKUP_DAMAGED'));
    writeFileSync(damaged, 'no database at all'.repeat(300));
    await assert.rejects(restore(damaged, target), withCode('BACKUP_DAMAGED'));
    alter(good, `PRAGMA user_version = ${currentVersion + 1}`);
    await assert.rejects(restore(good, target), withCode('LEDGER_NEWER'));
    alter(good, 'PRAGMA application_id = 7');
    await assert.rejects(restore(good, target), withCode('LEDGER_FOREIGN'));
    await assert.rejects(restore(join(harness.folder, 'none.db'), target), withCode('LEDGER_MISSING'));
    assert.equal(existsSync(target), false);
  });

  it('is named by a sqlite: URL only', async () => {
    const ledger = await openLedger(`sqlite:${join(harness.folder, 'by-url.db')}`, { partitions: 2 });
    assert.equal(ledger.partitions, 2);
    await ledger.close();
    for (const url of ['mysql://x', 'sqlite:', '']) {
      assert.throws(() => openLedger(url), withCode('LEDGER_URL'), url);
    }
    for (const url of ['postgres://db/reroute', 'postgresql://db/reroute']) {
      assert.throws(() => sqlitePath(url), withCode('LEDGER_URL'), url);
    }
  });
});
