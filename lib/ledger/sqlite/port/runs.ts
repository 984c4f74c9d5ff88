/** RunStore and RunQueries over the channels. */
import {
  type ClaimedRun,
  type DeadLetter,
  type DeadLetterSeed,
  type ParkedMessage,
  type ParkSeed,
  type RunQueries,
  type RunRecord,
  type RunSeed,
  type RunState,
  type RunStore,
  runStates,
  type Settlement,
} from '../../runs';
import type { DeadLetterGroupRow, DeadLetterInput, DeadLetterRow } from '../sql/dead-letters';
import { type ParkedRow, type ParkInput, parkedStateName } from '../sql/parking';
import { stateName } from '../sql/queue';
import type { ClaimRow, RunInput, RunRow, SettlementInput } from '../sql/runs';
import { type Channels, fromJson, present, toJson, toPage } from './codec';

export function runStore({ writer }: Channels): RunStore {
  return {
    enqueueRuns: (partition, seeds, now) => writer.call('enqueueRuns', partition, seeds.map(toRunInput), now),
    async claimRuns(lease, request) {
      const claimed = await writer.call('claimRuns', lease, request);
      return claimed.map(({ run, parked }) => toClaimedRun(run, parked));
    },
    nextDueAt: (partition) => writer.call('nextDueAt', partition),
    settleRuns: (lease, settlements) => writer.call('settleRuns', lease, settlements.map(toSettlementInput)),
    reviveRun: (lease, runId) => writer.call('reviveRun', lease, runId),
    async park(lease, seeds) {
      const states = await writer.call('park', lease, seeds.map(toParkInput));
      return states.map(parkedState);
    },
    fireTimers: (lease, request) => writer.call('fireTimers', lease, request),
    signal: (partition, request) => writer.call('signal', partition, request),
    releaseParked: (partition, request) => writer.call('releaseParked', partition, request),
    hastenRuns: (partition, request) => writer.call('hastenRuns', partition, request),
    addDeadLetters: (partition, seeds) =>
      writer.call('addDeadLetters', partition, seeds.map(toDeadLetterInput)),
    resolveDeadLetters: (ids, state, resolution, at) =>
      writer.call('resolveDeadLetters', ids, state, JSON.stringify(resolution), at),
  };
}

export function runQueries({ writer, reader }: Channels): RunQueries {
  return {
    async run(id) {
      const row = await writer.call('run', id);
      return row && toRun(row);
    },
    runsByRoot: async (rootRunId) => (await reader.call('runsByRoot', rootRunId)).map(toRun),
    runsByCase: async (caseId) => (await reader.call('runsByCase', caseId)).map(toRun),
    runsByCorrelation: async (ids) => (await reader.call('runsByCorrelation', ids)).map(toRun),
    parkedByRun: async (runId) => (await reader.call('parkedByRun', runId)).map(toParked),
    parkedByCase: async (caseId) => (await reader.call('parkedByCase', caseId)).map(toParked),
    waitingNodes: async () =>
      (await reader.call('waitingNodes')).map(({ node_id, waiting }) => ({ nodeId: node_id, waiting })),
    async deadLetter(id) {
      const row = await writer.call('deadLetter', id);
      return row && toDeadLetter(row);
    },
    deadLetters: async (filter, page) => toPage(await reader.call('deadLetters', filter, page), toDeadLetter),
    deadLetterGroups: async (filter) => (await reader.call('deadLetterGroups', filter)).map(toGroup),
    async runCounts() {
      const counted = new Map((await reader.call('runCounts')).map(({ key, n }) => [key, n]));
      return Object.fromEntries(runStates.map((state) => [state, counted.get(state) ?? 0])) as Record<
        RunState,
        number
      >;
    },
  };
}

export function toRunInput(seed: RunSeed): RunInput {
  return { ...seed, input: toJson(seed.input) };
}

function toRun(row: RunRow): RunRecord {
  return present<RunRecord>({
    id: row.id,
    partition: row.partition,
    seq: row.seq,
    state: stateName(row.state),
    attempt: row.attempt,
    kind: row.kind as RunRecord['kind'],
    ref: row.ref,
    orderKey: row.order_key,
    partner: row.partner,
    nodeId: row.node_id,
    flowVersion: row.flow_version,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    rootRunId: row.root_run_id,
    caseId: row.case_id,
    dueAt: row.due_at,
    createdAt: row.created_at,
    startedAt: row.started_at,
    settledAt: row.settled_at,
    lastError: fromJson(row.last_error),
    input: fromJson(row.input),
    trace: fromJson(row.trace),
  });
}

function toClaimedRun(row: ClaimRow, parked: ParkedRow | undefined): ClaimedRun {
  const run: ClaimedRun = toRun(row);
  if (parked) run.parked = toParked(parked);
  if (row.unseen) run.unseen = true;
  if (row.raw_body !== null) {
    run.raw = {
      partner: row.raw_partner ?? '',
      headers: fromJson(row.raw_headers) ?? {},
      body: row.raw_body,
      mediaType: row.raw_media_type ?? '',
      receivedAt: row.raw_received_at ?? 0,
      contentHash: row.raw_content_hash ?? '',
    };
  }
  return run;
}

function toSettlementInput(settlement: Settlement): SettlementInput {
  const failed = settlement.outcome === 'done' ? undefined : settlement.error;
  return {
    runId: settlement.runId,
    outcome: settlement.outcome,
    at: settlement.at,
    flowVersion: settlement.outcome === 'retry' ? undefined : settlement.flowVersion,
    dueAt: settlement.outcome === 'retry' ? settlement.dueAt : undefined,
    spent: settlement.outcome === 'retry' ? settlement.spent : undefined,
    errorCode: failed?.code,
    error: toJson(failed),
    trace: toJson(settlement.trace),
    deadLetters: settlement.outcome === 'retry' ? [] : (settlement.deadLetters ?? []).map(toDeadLetterInput),
  };
}

function toParkInput(seed: ParkSeed): ParkInput {
  return { ...seed, message: toJson(seed.message) ?? 'null' };
}

function parkedState(code: number): ParkedMessage['state'] {
  return parkedStateName[code] ?? 'cancelled';
}

function toParked(row: ParkedRow): ParkedMessage {
  return present<ParkedMessage>({
    id: row.id,
    partition: row.partition,
    state: parkedState(row.state),
    runId: row.run_id,
    nodeId: row.node_id,
    kind: row.kind as ParkedMessage['kind'],
    reenter: row.reenter as ParkedMessage['reenter'],
    dueAt: row.due_at,
    signal: row.signal,
    message: JSON.parse(row.message),
    caseId: row.case_id,
    at: row.at,
    resumption: fromJson<NonNullable<ParkedMessage['resumption']>>(row.resumption),
  });
}

function toDeadLetterInput(seed: DeadLetterSeed): DeadLetterInput {
  const { reason, message, ...rest } = seed;
  return { ...rest, reasonCode: reason.code, reason: JSON.stringify(reason), message: toJson(message) };
}

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  return present<DeadLetter>({
    id: row.id,
    partition: row.partition,
    state: row.state as DeadLetter['state'],
    kind: row.kind as DeadLetter['kind'],
    ref: row.ref,
    runId: row.run_id,
    partner: row.partner,
    operation: row.operation,
    reason: JSON.parse(row.reason) as DeadLetter['reason'],
    fingerprint: row.fingerprint,
    flowVersion: row.flow_version,
    attempt: row.attempt,
    message: fromJson(row.message),
    at: row.at,
    correlationId: row.correlation_id,
    resolvedAt: row.resolved_at,
    resolution: fromJson<NonNullable<DeadLetter['resolution']>>(row.resolution),
  });
}

function toGroup(row: DeadLetterGroupRow): Awaited<ReturnType<RunQueries['deadLetterGroups']>>[number] {
  return {
    fingerprint: row.fingerprint,
    count: row.count,
    latestAt: row.latest_at,
    sample: toDeadLetter(row),
  };
}
