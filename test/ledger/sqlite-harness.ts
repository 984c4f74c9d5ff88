/** The SQLite engine as the conformance suite wants it: files in a temporary folder that goes away with the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LedgerHarness, partitions } from '../../lib/ledger/conformance';
import type { Ledger } from '../../lib/ledger/port';
import { openSqliteLedger } from '../../lib/ledger/sqlite/engine';

export class SqliteHarness implements LedgerHarness {
  #folder: string | undefined;
  #ledgers: Ledger[] = [];
  #files = 0;
  #now = 1_000_000;

  get folder(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'reroute-ledger-'));
    return this.#folder;
  }

  /** Path of the file opened last. */
  get path(): string {
    return join(this.folder, `ledger-${this.#files}.db`);
  }

  open(): Promise<Ledger> {
    this.#files += 1;
    return this.#openCurrent();
  }

  async reopen(): Promise<Ledger> {
    await this.#ledgers.at(-1)?.close();
    return this.#openCurrent();
  }

  async isolatedPair(): Promise<[Ledger, Ledger]> {
    return [await this.open(), await this.open()];
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async close(): Promise<void> {
    await Promise.all(this.#ledgers.map((ledger) => ledger.close()));
    this.#ledgers = [];
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  async #openCurrent(): Promise<Ledger> {
    const ledger = await openSqliteLedger(this.path, { partitions });
    this.#ledgers.push(ledger);
    return ledger;
  }
}
