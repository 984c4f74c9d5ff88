/** Intake: raw payloads become durable, deduplicated and queued in one commit. */
import type { DataKey } from './keys';

export interface AcceptItem {
  /** UUIDv7 given by the caller; the answer for a duplicate carries the first one instead. */
  id: string;
  partner: string;
  /** Idempotency key within the partner. */
  dedupKey: string;
  /** sha-256 of the body, hex: the same key with another hash is a conflict. */
  contentHash: string;
  /** Events with one key are handled in the order of their acceptance. */
  orderKey: string;
  mediaType: string;
  /** Kept for replays; the caller has taken the secrets out. */
  headers: Record<string, string>;
  body: Uint8Array;
  receivedAt: number;
  correlationId: string;
  /** Kept with the payload, in the same commit, when the body is sealed. */
  dataKey?: Required<DataKey>;
}

export type AcceptResult =
  | {
      status: 'accepted';
      id: string;
      runId: string;
      seq: number;
      /** True when the run was handed to the caller's lease at once. */
      claimed: boolean;
      /** See `ClaimedRun.unseen`. */
      unseen?: boolean;
    }
  | { status: 'duplicate'; id: string; correlationId: string }
  /** Same key, other content: kept as its own raw payload and dead letter (reason `DEDUP_CONFLICT`). */
  | { status: 'conflict'; id: string; firstId: string };

export interface RawPayload extends Omit<AcceptItem, 'contentHash' | 'dataKey'> {
  contentHash: string;
  partition: number;
}

export interface RawSummary {
  id: string;
  partner: string;
  receivedAt: number;
  mediaType: string;
  byteSize: number;
  contentHash: string;
  correlationId: string;
}

export interface IntakeStore {
  /**
   * Journals each payload and queues a run (`kind: 'raw'`, run id = raw id) for it. With `claim`, a run whose order key has
   * no earlier live run is marked running under that lease in the same commit, so that it needs no claim round trip.
   */
  accept(partition: number, items: AcceptItem[], claim?: { fence: number }): Promise<AcceptResult[]>;
  rawPayload(id: string): Promise<RawPayload | undefined>;
  /** Live (queued or running) runs, all and by partner: what back-pressure looks at. */
  backlog(): Promise<{ total: number; byPartner: Record<string, number> }>;
}
