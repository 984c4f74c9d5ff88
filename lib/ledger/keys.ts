/** Data keys: each raw payload is sealed under a key of its own, which the key ring wraps. Whoever loses the data key has lost the payload. */

export interface DataKey {
  /** Id of the raw payload, or `documents` for the key of messages that are kept with runs. */
  id: string;
  /** Id of the ring's key that wraps it. */
  ring: string;
  /** Absent once it was shredded. */
  wrapped?: Uint8Array;
}

export interface Shredding {
  /** Payloads that nobody can read any more. */
  payloads: number;
  /** Messages, inputs and edits of their runs that were taken out. */
  documents: number;
}

export interface KeyStore {
  /** Those that exist; a payload without one was never sealed. */
  dataKeys(ids: string[]): Promise<DataKey[]>;
  /** The first one stays; answers what is kept. */
  addDataKey(key: DataKey): Promise<DataKey>;
  /** How many data keys each key of the ring wraps. */
  dataKeyRings(): Promise<{ ring: string; count: number }[]>;
  /** Some that another key wraps, in no order. */
  dataKeysNotUnder(ring: string, limit: number): Promise<DataKey[]>;
  /** Replaces wrappings, each only while the key named in `from` still wraps it. Answers how many were. */
  rewrapDataKeys(keys: (Required<DataKey> & { from: string })[]): Promise<number>;
  /** Shipment keys of the facts that came from each payload. */
  subjectsOfRaws(rawIds: string[]): Promise<{ rawId: string; subjects: string[] }[]>;
  /** Raw payloads that came in under an order key. */
  rawsOfOrderKeys(orderKeys: string[]): Promise<string[]>;
  /**
   * Makes payloads unreadable for ever: destroys their data keys, the bodies of those that were never sealed, and the copies in inputs,
   * dead letters, settled waits, effects and edits of the runs that came of them, and of the named runs.
   */
  shred(what: { rawIds: string[]; runIds: string[] }, at: number): Promise<Shredding>;
}
