/** What an engine brings so that the conformance suite can run against it. */
import type { Lease, Ledger } from '../port';

export interface LedgerHarness {
  /** A new, empty ledger with `partitions` partitions. */
  open(): Promise<Ledger>;
  /** The storage of the last `open` again, with nothing carried over in memory. The former ledger must not be used any more. */
  reopen(): Promise<Ledger>;
  /** Two ledgers that share nothing. */
  isolatedPair(): Promise<[Ledger, Ledger]>;
  /** Time as the tests tell it, epoch milliseconds. */
  now(): number;
  /** Lets time pass. */
  advance(ms: number): void;
  /** Closes and removes all that was opened. */
  close(): Promise<void>;
}

export const partitions = 4;
export const leaseMs = 30_000;

/** One test's ledger with partition 0 leased. */
export interface Bench {
  ledger: Ledger;
  lease: Lease;
  harness: LedgerHarness;
}

export async function startBench(harness: LedgerHarness): Promise<Bench> {
  const ledger = await harness.open();
  return { ledger, lease: await takeLease(harness, ledger, 0), harness };
}

/** Takes a partition over by force, as a new owner does. */
export async function takeLease(
  harness: LedgerHarness,
  ledger: Ledger,
  partition: number,
  owner = 'worker-1',
): Promise<Lease> {
  const [lease] = await ledger.acquire({
    owner,
    partitions: [partition],
    now: harness.now(),
    leaseMs,
    force: true,
  });
  if (!lease) throw new Error(`partition ${partition} was not given`);
  return lease;
}

/** Reads a paged list to its end. */
export async function readAll<T>(
  read: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
