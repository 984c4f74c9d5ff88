/** Every limit of the engine in one place; each is explicit and has a test. Times in milliseconds. */
export interface EngineLimits {
  /** Runs in memory at a time; further ones wait in the ledger. */
  maxActiveRuns: number;
  /** Runs taken from one partition by one claim. */
  claimBatch: number;
  /** Messages delivered within one attempt before it counts as an endless loop. */
  maxHops: number;
  /** One attempt, start to settle; waits that are longer belong into a wait node. */
  runTimeoutMs: number;
  /** Attempts before a dead letter. */
  maxAttempts: number;
  /** First retry delay, doubled each time up to the ceiling, with full jitter. */
  retryBaseMs: number;
  retryCeilingMs: number;
  /** How long a node with an old-style handler keeps its message in hand when it has not sent anything yet. */
  quietGraceMs: number;
  /** Live runs in the ledger before intake answers 429. */
  maxBacklog: number;
  /** Deploy and stop wait this long for runs in memory. */
  drainMs: number;
  /** Largest message kept with a parked message or a dead letter, JSON characters. */
  maxMessageChars: number;
  /** Node visits kept of a run. */
  maxTraceSteps: number;
  leaseMs: number;
  /** Between two looks at deadlines, clocks and alerts. */
  attentionMs: number;
  /** Shipments of a partition, and cases, that one look takes up; the others wait for the next. */
  attentionBatch: number;
  /** Body of a partner's answer, in bytes. */
  maxResponseBytes: number;
  /** Partners answer within this process (flow tests, back-tests): no rate, no queue, no circuit between them and the engine. */
  freeLanes: boolean;
}

export const defaultLimits: EngineLimits = {
  maxActiveRuns: 512,
  claimBatch: 64,
  maxHops: 10_000,
  runTimeoutMs: 300_000,
  maxAttempts: 8,
  retryBaseMs: 1_000,
  retryCeilingMs: 300_000,
  quietGraceMs: 25,
  maxBacklog: 200_000,
  drainMs: 10_000,
  maxMessageChars: 1_000_000,
  maxTraceSteps: 200,
  leaseMs: 15_000,
  attentionMs: 5_000,
  attentionBatch: 100,
  maxResponseBytes: 16 * 1024 * 1024,
  freeLanes: false,
};
