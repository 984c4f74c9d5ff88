/**
 * Dispatch decides who works on which partition and when. It is disposable: what it forgets, a sweep of the ledger brings back.
 * The ledger's fencing tokens keep work safe even when two dispatchers disagree.
 */
import type { Lease } from '../ledger/port';

export interface DispatchListener {
  /** Partitions this process now owns. */
  gained(leases: Lease[]): void;
  /** Partitions it must stop working on at once. */
  lost(partitions: number[]): void;
  /** Something may be due in the partition. */
  wake(partition: number): void;
}

export interface Dispatch {
  start(listener: DispatchListener): Promise<void>;
  /** Tells the owner of the partition, whoever it is, that work was queued. */
  notify(partition: number): void;
  /** Gives partitions back and ends. */
  stop(): Promise<void>;
}
