/** Puts facts, cases, runs and effects into the ledger as the engine would. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { FactSeed } from '../../../lib/ledger/cases';
import type { Lease, Ledger } from '../../../lib/ledger/port';
import type { RunRecord } from '../../../lib/ledger/runs';
import { type CaseState, decideCase } from '../../../lib/model/case';
import type { FactData, Identifiers } from '../../../lib/model/fact';
import { factTokens, partitionOf, sha256Hex } from '../../../lib/model/keys';
import { aFact, isoAt, noon } from '../../support/fact-builder';

export interface EventSketch {
  subject: string;
  identifiers: Identifiers;
  minute?: number;
  partner?: string;
  region?: string;
  data?: Partial<FactData>;
  body?: string;
  /** Opens a case with the fact. */
  opensCase?: boolean;
}

export interface SeededEvent {
  factId: string;
  rawId: string;
  runId: string;
  correlationId: string;
  case?: CaseState;
}

/** A delivery: its raw payload, the run that it starts, the fact that comes of it and, if asked, a case. */
export async function seedEvent(ledger: Ledger, sketch: EventSketch): Promise<SeededEvent> {
  const { subject, identifiers, minute = 0, partner = 'acme' } = sketch;
  const partition = partitionOf(subject, ledger.partitions);
  const rawId = uuidv7();
  const at = noon + minute * 60_000;
  const body = Buffer.from(sketch.body ?? randomUUID());
  await ledger.accept(partition, [
    {
      id: rawId,
      partner,
      dedupKey: rawId,
      contentHash: sha256Hex(body),
      orderKey: subject,
      mediaType: 'text/html',
      headers: {},
      body,
      receivedAt: at,
      correlationId: rawId,
    },
  ]);
  const built = aFact({ key: rawId, minute, data: { identifiers, ...sketch.data } });
  const fact = {
    ...built,
    subject,
    partitionKey: subject,
    correlationId: rawId,
    recordedTime: isoAt(minute),
    time: isoAt(minute - 30),
  };
  const seed: FactSeed = { fact, rawId, runId: rawId, partner, tokens: factTokens(fact.data) };
  const opened = sketch.opensCase ? openCase(sketch, rawId, at) : undefined;
  await ledger.record(partition, {
    facts: [seed],
    shipments: [],
    cases: opened
      ? [
          {
            state: opened.state,
            expectedVersion: 0,
            events: opened.events,
            tokens: seed.tokens,
            factIds: [fact.id],
          },
        ]
      : [],
    runs: opened
      ? [
          {
            id: uuidv7(),
            kind: 'case',
            ref: opened.state.id,
            orderKey: subject,
            correlationId: rawId,
            rootRunId: rawId,
            caseId: opened.state.id,
            dueAt: at,
            input: { secret: 'not shown' },
          },
        ]
      : [],
    audit: [],
    now: at,
  });
  return {
    factId: fact.id,
    rawId,
    runId: rawId,
    correlationId: rawId,
    ...(opened && { case: opened.state }),
  };
}

function openCase(sketch: EventSketch, correlationId: string, at: number) {
  const { subject, identifiers, partner = 'acme', region = 'DE' } = sketch;
  const decision = decideCase(
    {
      type: 'detect',
      by: 'system',
      role: 'system',
      id: uuidv7(),
      tenant: 't',
      subject,
      code: 'FINAL_MILE_DELAYED',
      correlationId,
      onsetAt: at,
      onsetTrusted: true,
      context: {},
      identifiers,
      partner,
      region,
      clocks: { acknowledgeDueAt: at + 3_600_000, resolveDueAt: at + 8 * 3_600_000 },
    },
    undefined,
    at,
  );
  assert.ok(decision.ok);
  return { state: decision.state, events: decision.events };
}

/** Takes the partition of a subject and claims what is due in it, until the asked run is among it. */
export async function claim(
  ledger: Ledger,
  subject: string,
  runId: string,
): Promise<{ run: RunRecord; lease: { partition: number; fence: number } }> {
  const partition = partitionOf(subject, ledger.partitions);
  const [lease] = await ledger.acquire({
    owner: randomUUID(),
    partitions: [partition],
    now: noon,
    leaseMs: 1e9,
    force: true,
  });
  assert.ok(lease);
  const runs = await ledger.claimRuns(lease, { now: Date.now(), limit: 100 });
  const run = runs.find((item) => item.id === runId);
  assert.ok(run, 'the run is due');
  return { run, lease };
}

/** Ends a run as a dead letter. */
export async function killRun(
  ledger: Ledger,
  subject: string,
  runId: string,
  reason = { code: 'PAYLOAD_BAD', message: 'line 3 does not fit' },
  at = noon,
  partner = 'acme',
): Promise<string> {
  const { lease } = await claim(ledger, subject, runId);
  const id = uuidv7();
  await ledger.settleRuns(lease, [
    {
      runId,
      outcome: 'dead',
      error: reason,
      at,
      trace: [{ nodeId: 'n1', nodeType: 'normalize', at, durationMs: 2, error: reason.message }],
      deadLetters: [
        {
          id,
          kind: 'run',
          ref: runId,
          runId,
          partner,
          reason,
          fingerprint: sha256Hex(reason.code),
          attempt: 1,
          message: { payload: 'as it was' },
          at,
        },
      ],
    },
  ]);
  return id;
}

/** An effect of a run that was sent and shown by the owning system. */
export async function confirmEffect(
  ledger: Ledger,
  subject: string,
  runId: string,
  caseId: string | undefined,
  at: number,
): Promise<string> {
  const { key, lease } = await intendEffect(ledger, { subject, runId, caseId, at, state: 'INTENDED' });
  await ledger.resolveEffects(lease, [
    { key, state: 'CONFIRMED', sent: true, output: { ok: true }, reference: 'R1', at: at + 1_000 },
  ]);
  return key;
}

/** An effect of a run that was not sent yet, or waits for a person. */
export async function intendEffect(
  ledger: Ledger,
  {
    subject,
    runId,
    caseId,
    at,
    state,
  }: {
    subject: string;
    runId: string;
    caseId: string | undefined;
    at: number;
    state: 'INTENDED' | 'AWAITING_APPROVAL';
  },
): Promise<{ key: string; lease: Lease }> {
  const { lease } = await claim(ledger, subject, runId);
  const key = sha256Hex(randomUUID());
  await ledger.intendEffects(lease, [
    {
      key,
      runId,
      rootRunId: runId,
      ...(caseId && { caseId }),
      partner: 'erp',
      operation: 'setEta',
      safety: 'keyed',
      plan: '1',
      step: 'eta',
      target: 'order/4711',
      input: { at: 5 },
      state,
      correlationId: runId,
      at,
    },
  ]);
  return { key, lease };
}
