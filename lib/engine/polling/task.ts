/** One thing that is fetched from a partner in rounds: a feed, shipments under way, a folder. */
import type { Lease } from '../../ledger/port';
import type { Interval } from './interval';

export interface Round {
  /** Deliveries that were new. */
  news: number;
  /** There is more to fetch at once. */
  more: boolean;
  /** Not before, epoch milliseconds: the partner asked for a pause, or nothing is due earlier. */
  notBefore?: number;
  /** Come again by then, epoch milliseconds, though the interval is longer. */
  dueAt?: number;
  /** What went wrong with a part of it, while the rest went on. */
  problem?: unknown;
}

export interface Task {
  kind: 'feed' | 'shipments' | 'files';
  interval: Interval;
  /**
   * Everything it brings is durable before anything that marks it as fetched. `stopped` turns true when the flows are replaced.
   * @throws RerouteError when the round could not be done
   */
  round(lease: Lease, stopped: () => boolean): Promise<Round>;
}

/** As people see it: in the partner's status, on its page and as metrics. Times in epoch milliseconds. */
export interface FetchStatus {
  kind: Task['kind'];
  /** Off when the partner's node says so. */
  enabled: boolean;
  intervalMs: number;
  lastAt?: number;
  lastNewsAt?: number;
  nextAt?: number;
  /** Deliveries that were new, since the start. */
  fetched: number;
  /** Rounds that failed in a row. */
  failures: number;
  error?: { code: string; message: string; at: number };
}
