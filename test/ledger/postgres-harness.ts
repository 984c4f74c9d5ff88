/** The PostgreSQL engine as the conformance suite wants it: one server, a schema for each ledger. */
import { type LedgerHarness, partitions } from '../../lib/ledger/conformance';
import type { Ledger } from '../../lib/ledger/port';
import { openPostgresLedger } from '../../lib/ledger/postgres/engine';

export class PostgresHarness implements LedgerHarness {
  #ledgers: Ledger[] = [];
  #schemas = 0;
  #now = 1_000_000;

  /** @param server answers the server's URL, once it runs */
  constructor(private readonly server: () => string) {}

  /** URL of the ledger opened last. */
  get url(): string {
    return `${this.server()}?schema=ledger_${this.#schemas}`;
  }

  open(): Promise<Ledger> {
    this.#schemas += 1;
    return this.openAnother();
  }

  /** The ledger opened last once more, beside the one that is open: as another process has it. */
  async openAnother(): Promise<Ledger> {
    const ledger = await openPostgresLedger(this.url, { partitions });
    this.#ledgers.push(ledger);
    return ledger;
  }

  async reopen(): Promise<Ledger> {
    await this.#ledgers.at(-1)?.close();
    return this.openAnother();
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
  }
}
