/**
 * What a connector is. One folder under `lib/connectors/<id>/` exports one `Connector` from its `index.ts`; the
 * palette forms, `normalize`, the operation lists, the docs page and the conformance suite all read it.
 * A connector is pure but for `CallContext.http`: it never opens a socket, reads a clock or keeps state.
 */
import type { z } from 'zod';
import type { Safety } from '../../model/effect';
import type { FactDraft } from '../../model/fact';
import type { ExceptionCode } from '../../model/taxonomy';
import type { HttpPort } from './http';
import type { Poller } from './poll';
import type { TokenCache } from './tokens';
import type { FilePort, MailPort, Transport } from './transport';

export const systemKinds = ['carrier', 'wms', 'erp', 'tms', 'storefront', 'desk', 'edi'] as const;
/** Which action node of the palette offers the connector's operations. */
export type SystemKind = (typeof systemKinds)[number];

export interface SecretField {
  /** Name the connector reads it by, e.g. `webhookSecret`. */
  name: string;
  title: string;
  /** True when every call or delivery needs it. */
  required: boolean;
  description: string;
}

export interface PartnerLimits {
  /** Outbound calls a second, averaged. */
  ratePerSecond: number;
  /** Outbound calls at the same time. */
  concurrency: number;
  /** One outbound call, connect to last byte, in milliseconds. */
  timeoutMs: number;
  /** Largest inbound body in bytes. */
  maxBodyBytes: number;
  /** Inbound deliveries a second before 429. */
  inboundPerSecond: number;
}

/**
 * Where a delivery says which version of its contract it follows, and which ones are read; any other is refused as VERSION_UNSUPPORTED.
 * `none` says why a delivery carries no version.
 */
export type PayloadVersion = { at: string; reads: string } | { none: string };

export interface ConnectorManifest {
  id: string;
  title: string;
  vendor: string;
  kinds: readonly SystemKind[];
  /** Version of the vendor's API that schemas and operations follow. */
  apiVersion: string;
  /** The vendor's public reference; every schema and code table names its own page too. */
  reference: string;
  /** Non-secret settings of a partner of this connector; descriptions become form help. */
  settings: z.ZodObject;
  secrets: readonly SecretField[];
  limits: PartnerLimits;
  /** What a partner's endpoint may be; only `http` where it is left out. */
  transports?: readonly Transport[];
  /** Version of the mapping and its code tables; stands in every fact's sourceCode. */
  mappingVersion: string;
  /** Required of whoever takes deliveries. */
  payloadVersion?: PayloadVersion;
  /** Why no response header states the vendor's limits; an operation that has some names them in `rateLimitHeaders` instead. */
  noRateLimitHeaders?: string;
  /** Operations of the common set of its kinds that it does not have, and why: the vendor offers none, or none that could be verified. */
  absent?: Readonly<Record<string, string>>;
}

/** Bytes read as data, or why they could not be. */
export type Parsed = { ok: true; value: unknown } | { ok: false; report: NormalizeReport };

/**
 * What `identify` read of a body, for `normalize` of the same delivery: whoever holds the delivery begins with an empty one and
 * hands it on, and nobody else keeps it. A mapping reads its values and changes none.
 */
export interface Reading {
  json?: Parsed;
  xml?: Parsed;
  /** What the connector made of it further: see `oncePerDelivery`. */
  done?: object;
}

/** Header names are lower case. */
export interface InboundRequest {
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Absent where a body is looked at once, or is too large to be held twice. */
  reading?: Reading;
  /** What stood behind `?`, for vendors that carry their token there; it is checked and never stored. Absent when the payload was not delivered over HTTP. */
  query?: string;
}

/** A secret by name: the current value first, then, during a rotation, the one before it. */
export type Secrets = (name: string) => readonly string[];

export type Verification = { ok: true } | { ok: false; reason: string };

export interface Identified {
  /** Idempotency key within the partner, in the order of the domain rules: native id, control numbers, business key, content hash. */
  dedupKey: string;
  /** Business key whose events must stay in order, normally the shipment's; absent when the payload does not say. */
  orderKey?: string;
}

export interface NormalizeContext {
  /** Milliseconds since the epoch at which the payload was received. */
  receivedAt: number;
  /** Validated `settings` of the partner. */
  settings: Readonly<Record<string, unknown>>;
  manifest: ConnectorManifest;
}

/** Something in a payload that is not a fact and why: a look-up error, a control record, an item that does not fit the schema. */
export interface NormalizeReport {
  /** `not-a-fact`: understood, nothing to record. `rejected`: does not fit the schema; becomes a dead letter. */
  kind: 'not-a-fact' | 'rejected';
  code: string;
  message: string;
  /** JSON Pointer (RFC 6901), XPath or segment position of the item in the payload. */
  at?: string;
}

/** What the sender is owed for an interchange: a 997, 999, CONTRL or APERAK, ready to be sent. */
export interface Acknowledgement {
  /** The standard's name of it, e.g. `997` or `CONTRL`. */
  kind: string;
  /** The sender's control number that it answers: one acknowledgement an interchange. */
  controlNumber: string;
  accepted: 'all' | 'some' | 'none';
  mediaType: string;
  body: string;
}

export interface NormalizeResult {
  facts: FactDraft[];
  reports: NormalizeReport[];
  /** In the order of the interchanges; absent for formats that owe none. */
  acknowledgements?: Acknowledgement[];
}

export interface Inbound {
  /** Checks the vendor's signature over the raw bytes, in constant time. `now` in epoch milliseconds. */
  verify(request: InboundRequest, secrets: Secrets, now: number): Verification;
  /** Cheap and total: never throws, whatever the bytes. */
  identify(request: InboundRequest): Identified;
  /** Total: whatever the bytes, facts and reports; an unparsable payload is one `rejected` report. */
  normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult;
}

/**
 * What a second send would do. `read`: nothing. `keyed`: the partner deduplicates on our key. `reconcilable`: a look-up
 * by our reference finds what exists. `irreversible`: neither; after an unknown outcome a person decides.
 */
export type EffectSafety = Safety;

export interface CallContext {
  http: HttpPort;
  /** Folder or SFTP endpoints. Throws FatalError TRANSPORT when the partner's endpoint is something else. */
  files: FilePort;
  /** SMTP endpoints. Throws FatalError TRANSPORT when the partner's endpoint is something else. */
  mail: MailPort;
  /** Access tokens of this partner, asked for once and shared by all of its calls until they expire. */
  tokens: TokenCache;
  secrets: Secrets;
  settings: Readonly<Record<string, unknown>>;
  /** The effect's key (64 hex digits): send it as the vendor's idempotency key, or as our reference. */
  idempotencyKey: string;
  correlationId: string;
  /**
   * The effect's own number in the ledger, and when it was intended (epoch milliseconds): the same at every send. Absent for reads and polls,
   * which are no effects.
   */
  effect?: { sequence: number; at: number };
  /** Epoch milliseconds. */
  now: number;
}

export type OperationResult<O> =
  /** `confirmed`: the answer itself shows the owning system's new state; otherwise it is only accepted. */
  | { outcome: 'ok'; output: O; confirmed: boolean; reference?: string }
  | { outcome: 'business'; code: ExceptionCode; message: string; vendorCode?: string }
  | { outcome: 'retryable'; message: string; retryAfterMs?: number; vendorCode?: string }
  | { outcome: 'fatal'; message: string; vendorCode?: string }
  | { outcome: 'unknown'; message: string };

export type LookUpResult<O> =
  | { found: true; output: O; confirmed: boolean; reference?: string }
  | { found: false };

export interface Operation<I = unknown, O = unknown> {
  id: string;
  title: string;
  /** One sentence for the palette and the docs page. */
  description: string;
  kind: SystemKind;
  safety: EffectSafety;
  input: z.ZodType<I>;
  output: z.ZodType<O>;
  /** What is acted on, e.g. `A_SalesOrder/4711`: part of the effect's key. */
  target(input: I): string;
  /** HTTP errors thrown by `http` may pass through: not sent = retryable, ambiguous = unknown. */
  send(input: I, call: CallContext): Promise<OperationResult<O>>;
  /** Required when `safety` is `reconcilable`: finds what an earlier, unanswered send left behind. */
  lookUp?(input: I, call: CallContext): Promise<LookUpResult<O>>;
  /** The operation that takes it back, with its input derived from what was done. */
  undo?: { operation: string; input(input: I, output: O): unknown };
  /** Request header that carries the idempotency key, where the vendor has one. */
  idempotencyHeader?: string;
  /** Response headers in which the vendor states its limits. */
  rateLimitHeaders?: readonly string[];
  /** True when the call costs money (label purchase, booking): shown in replay previews. */
  costs?: boolean;
}

export interface Connector {
  manifest: ConnectorManifest;
  inbound?: Inbound;
  /** Where events are fetched: instead of a webhook, or beside one that may lose some. What it fetches goes through `inbound`. */
  poll?: Poller;
  operations: readonly Operation[];
}

/** One reason for several operations of `absent`. */
export function absentBecause(reason: string, ...operations: readonly string[]): Record<string, string> {
  return Object.fromEntries(operations.map((operation) => [operation, reason]));
}

/** Operations of a vendor that names its idempotency key or its limits in the same headers everywhere. */
export function declaring(
  declared: Pick<Operation, 'rateLimitHeaders' | 'idempotencyHeader'>,
  operations: readonly Operation[],
): Operation[] {
  return operations.map((one) => ({ ...declared, ...one }));
}

/** Keeps an operation's input and output types while it is written, then forgets them for the registry. */
export function operation<I, O>(definition: Operation<I, O>): Operation {
  return definition as unknown as Operation;
}
