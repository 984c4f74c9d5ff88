/** Takes deliveries in: signature, limits, then one durable commit of dedup, journal and queue. */
import { createHash } from 'node:crypto';
import type { InboundRequest, Reading } from '../connectors/kit/connector';
import type { AcceptResult } from '../ledger/intake';
import type { Lease } from '../ledger/port';
import type { ClaimedRun } from '../ledger/runs';
import { isRerouteError } from '../model/errors';
import { partitionOf } from '../model/keys';
import type { EngineDeps } from './deps';
import type { Partner, PartnerRegistry } from './partners/registry';
import { TokenBucket } from './partners/token-bucket';
import type { Scheduler } from './runs/scheduler';
import { traceDelivery } from './runs/spans';

/** What became of a delivery; each kind is one answer of the inbound table (docs/api.md). */
export type IntakeAnswer =
  | { kind: 'accepted'; id: string; correlationId: string }
  /** `id` and `correlationId` are those of the first delivery. */
  | { kind: 'duplicate'; id: string; correlationId: string }
  /** Same key, other content: kept under `id` and quarantined. */
  | { kind: 'conflict'; id: string; firstId: string }
  /** `reason` goes to the log, never to the sender. */
  | { kind: 'unauthorized'; reason: string }
  | { kind: 'unknown-partner' }
  | { kind: 'too-large'; limitBytes: number }
  | { kind: 'limited'; retryAfterMs: number }
  | { kind: 'unavailable'; reason: string };

/** Never kept: they carry credentials, or mean nothing later. */
const droppedHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'connection',
  'host',
  'content-length',
  'accept-encoding',
]);
const backlogRefreshMs = 500;

/** A deploy takes the partners away for a moment: a final "unknown" then would make the sender drop its event. */
const betweenFlows: IntakeAnswer = { kind: 'unavailable', reason: 'the flows are being replaced' };
const bodyBytesWhilePaused = 1024 * 1024;
/** Larger payloads are parsed again when they are normalised, rather than held in memory twice for as long as their runs wait. */
const mostReadBytes = 256 * 1024;

export class Intake {
  private readonly buckets = new Map<string, TokenBucket>();
  private backlog = { total: 0, byPartner: {} as Record<string, number>, at: 0, asked: false };

  constructor(
    private readonly deps: EngineDeps,
    private readonly partners: PartnerRegistry,
    private readonly scheduler: Scheduler,
    private readonly startNow: (run: ClaimedRun, lease: Lease, reading: Reading | undefined) => void,
    /** Whether a flow takes the partner's deliveries; what none takes waits in the ledger. */
    private readonly isTaken: (partnerId: string) => boolean,
  ) {}

  maxBody(partnerId: string): number | undefined {
    const known = this.partners.get(partnerId)?.limits.maxBodyBytes;
    return known ?? (this.scheduler.isPaused ? bodyBytesWhilePaused : undefined);
  }

  backlogOf(partnerId: string): number {
    return this.backlog.byPartner[partnerId] ?? 0;
  }

  accept(partnerId: string, request: InboundRequest): Promise<IntakeAnswer> {
    return this.take(partnerId, request, true);
  }

  /** What we fetched ourselves, over a connection that is authenticated already: no signature, all else as if it had been delivered. */
  fetched(partnerId: string, request: InboundRequest): Promise<IntakeAnswer> {
    return this.take(partnerId, request, false);
  }

  private async take(partnerId: string, request: InboundRequest, signed: boolean): Promise<IntakeAnswer> {
    const now = this.deps.now();
    const partner = this.partners.get(partnerId);
    if (!partner) return this.scheduler.isPaused ? betweenFlows : { kind: 'unknown-partner' };
    if (request.body.byteLength > partner.limits.maxBodyBytes)
      return { kind: 'too-large', limitBytes: partner.limits.maxBodyBytes };
    const refusal = this.refusal(partner, request, now, signed);
    if (refusal) return refusal;
    try {
      const answer = await this.commit(partner, request, now);
      this.trace(partner.id, request, answer, now);
      return answer;
    } catch (error) {
      if (isRerouteError(error)) return { kind: 'unavailable', reason: error.message };
      throw error;
    }
  }

  private trace(partner: string, request: InboundRequest, answer: IntakeAnswer, startedAt: number): void {
    const { traces, now } = this.deps;
    if (!traces || !('id' in answer)) return;
    const correlationId = 'correlationId' in answer ? answer.correlationId : answer.id;
    traceDelivery(traces, { partner, request, kind: answer.kind, correlationId }, startedAt, now());
  }

  private refusal(
    partner: Partner,
    request: InboundRequest,
    now: number,
    signed: boolean,
  ): IntakeAnswer | undefined {
    const { inbound } = partner.connector;
    if (!inbound)
      return { kind: 'unauthorized', reason: `${partner.connector.manifest.title} takes no deliveries` };
    const verified = signed ? inbound.verify(request, partner.secrets, now) : ({ ok: true } as const);
    if (!verified.ok) return { kind: 'unauthorized', reason: verified.reason };
    this.refreshBacklog(now);
    if (this.backlog.total >= this.deps.limits.maxBacklog) return { kind: 'limited', retryAfterMs: 5_000 };
    const wait = this.bucket(partner).take(now);
    return wait > 0 ? { kind: 'limited', retryAfterMs: wait } : undefined;
  }

  private async commit(partner: Partner, request: InboundRequest, now: number): Promise<IntakeAnswer> {
    const reading: Reading | undefined = request.body.byteLength > mostReadBytes ? undefined : {};
    const identified = partner.connector.inbound?.identify({ ...request, ...(reading && { reading }) });
    const contentHash = createHash('sha256').update(request.body).digest('hex');
    const id = this.deps.newId();
    const dedupKey = identified?.dedupKey ?? contentHash;
    const orderKey = identified?.orderKey ?? `${partner.id}:${dedupKey}`;
    const partition = partitionOf(orderKey, this.deps.ledger.partitions);
    const taken = this.isTaken(partner.id);
    const lease = taken ? this.scheduler.leaseWithRoom(partition) : undefined;
    const item = {
      id,
      partner: partner.id,
      dedupKey,
      contentHash,
      orderKey,
      mediaType: request.headers['content-type'] ?? 'application/octet-stream',
      headers: keptHeaders(request.headers),
      body: request.body,
      receivedAt: now,
      correlationId: id,
    };
    const [result] = await this.deps.ledger.accept(partition, [item], lease && { fence: lease.fence });
    return this.answer(result as AcceptResult, item, partition, taken, lease && { lease, reading });
  }

  private answer(
    result: AcceptResult,
    item: Parameters<EngineDeps['ledger']['accept']>[1][number],
    partition: number,
    taken: boolean,
    start: { lease: Lease; reading: Reading | undefined } | undefined,
  ): IntakeAnswer {
    if (result.status === 'duplicate')
      return { kind: 'duplicate', id: result.id, correlationId: result.correlationId };
    if (result.status === 'conflict') return { kind: 'conflict', id: result.id, firstId: result.firstId };
    if (result.claimed && start) {
      this.startNow(
        {
          id: result.runId,
          kind: 'raw',
          ref: item.id,
          orderKey: item.orderKey,
          partner: item.partner,
          correlationId: item.correlationId,
          rootRunId: result.runId,
          dueAt: item.receivedAt,
          partition,
          seq: result.seq,
          state: 'running',
          attempt: 1,
          createdAt: item.receivedAt,
          ...(result.unseen ? { unseen: true } : {}),
          raw: {
            partner: item.partner,
            headers: item.headers,
            body: item.body,
            mediaType: item.mediaType,
            receivedAt: item.receivedAt,
            contentHash: item.contentHash,
          },
        },
        start.lease,
        start.reading,
      );
    } else if (taken) this.deps.dispatch.notify(partition);
    return { kind: 'accepted', id: result.id, correlationId: item.correlationId };
  }

  private bucket(partner: Partner): TokenBucket {
    const rate = partner.limits.inboundPerSecond;
    const known = this.buckets.get(partner.id);
    if (known?.rate === rate) return known;
    const bucket = new TokenBucket(rate);
    this.buckets.set(partner.id, bucket);
    return bucket;
  }

  /** Looked up beside the path of the deliveries, at most twice a second. */
  private refreshBacklog(now: number): void {
    if (this.backlog.asked || now - this.backlog.at < backlogRefreshMs) return;
    this.backlog.asked = true;
    this.deps.ledger
      .backlog()
      .then((backlog) => {
        this.backlog = { ...backlog, at: this.deps.now(), asked: false };
      })
      .catch(() => {
        this.backlog.asked = false;
      });
  }
}

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) if (!droppedHeaders.has(name)) kept[name] = headers[name] as string;
  return kept;
}
