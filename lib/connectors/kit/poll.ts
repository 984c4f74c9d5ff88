/**
 * Fetching events where a system sends none. The engine asks again and again, in one process at a time, keeps the cursor in the
 * ledger, and hands what comes to intake as if it had been delivered: dedup, journal, order and dead letters are the same.
 */
import type { CallContext, InboundRequest } from './connector';

export interface PollRequest {
  /** What the last poll answered; absent the first time. For `shipments` there is one a tracking number. */
  cursor?: string;
  /** Where to begin when there is no cursor yet, epoch milliseconds. */
  since: number;
  /** The number to ask for; set for a poller of `shipments`. */
  trackingNumber?: string;
}

export interface PollResult {
  /** Bodies as the vendor sent them, in their order. Empty when there is no news (also for 304). */
  deliveries: readonly InboundRequest[];
  /** Kept once every delivery is durable: an ETag, a page token, a time of last change. Absent keeps the one before. */
  cursor?: string;
  /** True when there is more to fetch at once (a next page). */
  more: boolean;
  /** The vendor asks for a pause of this many milliseconds (`Retry-After`). */
  pauseMs?: number;
  /** For `shipments`: nothing more will come, the number need not be asked for again. */
  finished?: boolean;
}

export interface Poller {
  /** `feed`: one question for everything that is new. `shipments`: one question for each shipment of the partner that is under way. */
  subject: 'feed' | 'shipments';
  /**
   * For `shipments`: carriers whose tracking numbers it can ask for, as facts name them (`trackingNumber[].carrier`); the connector's own
   * id where absent. Numbers in facts of the partner itself are asked for whatever their carrier.
   */
  carriers?: readonly string[];
  /** Adaptive: `minMs` after news, doubling up to `maxMs` while there is none. */
  interval: { minMs: number; maxMs: number };
  /**
   * One question. Errors as for operations: HTTP errors may pass through, RerouteErrors carry their fate.
   * Nothing is marked as read at the vendor: what is fetched twice is dropped by its dedup key.
   */
  poll(request: PollRequest, call: CallContext): Promise<PollResult>;
}
