/** Builders of what the tests put into a ledger: complete and valid, with the interesting fields to override. */
import { type CaseState, decideCase } from '../../model/case';
import type { Fact, FactException } from '../../model/fact';
import { factId, identifierTokens } from '../../model/keys';
import { emptyShipment, foldShipment, type ShipmentView } from '../../model/shipment';
import type { CaseWrite, FactSeed, RecordCommit } from '../cases';
import type { EffectIntent } from '../effects';
import type { AcceptItem } from '../intake';
import type { AuditSeed, Replay, ReplayItem } from '../operators';
import type { DeadLetterSeed, ParkSeed, RunFailure, RunSeed } from '../runs';

let counter = 0;
/** Unique within the process, in rising order. */
export function nextId(prefix = 'id'): string {
  counter += 1;
  return `${prefix}-${String(counter).padStart(8, '0')}`;
}

export function anItem(overrides: Partial<AcceptItem> = {}): AcceptItem {
  const id = overrides.id ?? nextId('raw');
  return {
    id,
    partner: 'fedex-us',
    dedupKey: `key-${id}`,
    contentHash: `hash-${id}`,
    orderKey: `order-${id}`,
    mediaType: 'application/json',
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(`{"id":"${id}"}`),
    receivedAt: 1000,
    correlationId: id,
    ...overrides,
  };
}

export function aRun(overrides: Partial<RunSeed> = {}): RunSeed {
  const id = overrides.id ?? nextId('run');
  return {
    id,
    kind: 'manual',
    ref: `ref-${id}`,
    orderKey: `order-${id}`,
    correlationId: `corr-${id}`,
    rootRunId: id,
    dueAt: 1000,
    ...overrides,
  };
}

export const aFailure: RunFailure = {
  code: 'PARTNER_DOWN',
  message: 'the partner did not answer',
  nodeId: 'n1',
  nodeType: 'erp',
};

export function aPark(runId: string, overrides: Partial<ParkSeed> = {}): ParkSeed {
  return {
    id: nextId('park'),
    runId,
    nodeId: 'wait-node',
    kind: 'timer',
    reenter: 'output',
    dueAt: 5000,
    message: { payload: { order: '4711' } },
    at: 1000,
    ...overrides,
  };
}

export function aDeadLetter(overrides: Partial<DeadLetterSeed> = {}): DeadLetterSeed {
  const id = overrides.id ?? nextId('dl');
  return {
    id,
    kind: 'run',
    ref: `ref-${id}`,
    reason: aFailure,
    fingerprint: 'fp-1',
    attempt: 3,
    at: 2000,
    ...overrides,
  };
}

export function anIntent(overrides: Partial<EffectIntent> = {}): EffectIntent {
  return {
    key: nextId('effect'),
    runId: 'run-1',
    rootRunId: 'run-1',
    partner: 's4-eu',
    operation: 'order.setBlock',
    safety: 'keyed',
    plan: '1',
    step: 'block',
    target: 'so:4711',
    input: { block: '01' },
    state: 'INTENDED',
    correlationId: 'corr-1',
    at: 1000,
    ...overrides,
  };
}

export interface FactOptions {
  dedupKey?: string;
  subject?: string;
  order?: string;
  partner?: string;
  recordedAt?: number;
  exception?: FactException;
}

/** A shipment event that this project made up. */
export function aFactSeed(options: FactOptions = {}): FactSeed {
  const dedupKey = options.dedupKey ?? nextId('event');
  const subject = options.subject ?? 'ord:shop:4711';
  const source = '/main/fedex/us';
  const time = new Date(options.recordedAt ?? 1_700_000_000_000).toISOString();
  const fact: Fact = {
    specVersion: '1.0',
    id: factId(source, dedupKey),
    source,
    type: options.exception ? 'org.reroute.shipment.exception.v1' : 'org.reroute.shipment.milestone.v1',
    subject,
    time,
    dataSchema: 'https://reroute.dev/schemas/fact/1.0.0',
    correlationId: `corr-${dedupKey}`,
    recordedTime: time,
    partitionKey: subject,
    dedupKey,
    data: {
      time: {
        eventTime: time,
        eventTimeZoneOffset: '+00:00',
        recordTime: time,
        timeClassifier: 'ACTUAL',
        timeConfidence: 'SOURCE_OFFSET',
      },
      identifiers: { orderNumber: [{ namespace: 'shop', value: options.order ?? '4711' }] },
      ...(options.exception ? { exception: options.exception } : { milestone: 'IN_TRANSIT' as const }),
    },
  };
  return { fact, partner: options.partner ?? 'fedex-us', tokens: identifierTokens(fact.data.identifiers) };
}

export function aView(seeds: FactSeed[], key = 'ord:shop:4711'): ShipmentView {
  return seeds.reduce((view, seed) => foldShipment(view, seed.fact), emptyShipment(key));
}

export interface CaseOptions {
  id?: string;
  subject?: string;
  code?: CaseState['code'];
  partner?: string;
  region?: string;
  warehouse?: string;
  at?: number;
  acknowledgeDueAt?: number;
  resolveDueAt?: number;
}

/** A case that was just detected. */
export function aCaseWrite(options: CaseOptions = {}, facts: FactSeed[] = []): CaseWrite {
  const identifiers = facts[0]?.fact.data.identifiers ?? {};
  const decision = decideCase(
    {
      type: 'detect',
      by: 'system',
      role: 'system',
      id: options.id ?? nextId('case'),
      tenant: 'main',
      subject: options.subject ?? 'ord:shop:4711',
      code: options.code ?? 'FINAL_MILE_DELAYED',
      correlationId: 'corr-1',
      onsetAt: options.at ?? 1000,
      onsetTrusted: true,
      context: {},
      identifiers,
      partner: options.partner ?? 'fedex-us',
      ...(options.region === undefined ? {} : { region: options.region }),
      ...(options.warehouse === undefined ? {} : { warehouse: options.warehouse }),
      clocks: {
        ...(options.acknowledgeDueAt === undefined ? {} : { acknowledgeDueAt: options.acknowledgeDueAt }),
        ...(options.resolveDueAt === undefined ? {} : { resolveDueAt: options.resolveDueAt }),
      },
    },
    undefined,
    options.at ?? 1000,
  );
  if (!decision.ok) throw new Error(decision.refusal.message);
  return {
    state: decision.state,
    expectedVersion: 0,
    events: decision.events,
    tokens: facts.flatMap((seed) => seed.tokens),
    factIds: facts.map((seed) => seed.fact.id),
  };
}

/** The next write of a case: the command decided on its state. */
export function advanceCase(
  state: CaseState,
  command: Parameters<typeof decideCase>[0],
  at: number,
): CaseWrite {
  const decision = decideCase(command, state, at);
  if (!decision.ok) throw new Error(decision.refusal.message);
  return {
    state: decision.state,
    expectedVersion: state.version,
    events: decision.events,
    tokens: [],
    factIds: [],
  };
}

export function aCommit(overrides: Partial<RecordCommit> = {}): RecordCommit {
  return { facts: [], shipments: [], cases: [], runs: [], audit: [], now: 1000, ...overrides };
}

export function anAudit(overrides: Partial<AuditSeed> = {}): AuditSeed {
  return {
    id: nextId('audit'),
    at: 1000,
    actor: 'ada',
    action: 'case.assign',
    subject: 'case:1',
    outcome: 'done',
    ...overrides,
  };
}

export function aReplay(overrides: Partial<Replay> = {}): Replay {
  return {
    id: nextId('replay'),
    name: 'after the outage',
    reason: 'the partner is back',
    mode: 'live',
    state: 'planned',
    by: 'ada',
    createdAt: 1000,
    ratePerSecond: 5,
    selection: { reason: 'PARTNER_DOWN' },
    ...overrides,
  };
}

export function aReplayItem(
  replayId: string,
  ordinal: number,
  overrides: Partial<ReplayItem> = {},
): ReplayItem {
  return {
    replayId,
    ordinal,
    ref: `dl-${ordinal}`,
    kind: 'dead-letter',
    orderKey: `order-${ordinal}`,
    partition: 0,
    outcome: 'pending',
    ...overrides,
  };
}
