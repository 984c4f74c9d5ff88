/**
 * Trace context as W3C has it (https://www.w3.org/TR/trace-context/#traceparent-header), and where a delivery stands in it. Pure: every
 * attempt, process and replay comes to the same ids from what the ledger keeps, so nothing of a trace has to be stored beside it.
 */
import { sha256Hex } from './keys';

export interface TraceContext {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  sampled: boolean;
}

const header = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Undefined for what the standard tells to ignore: version `ff`, ids of zeros, version 00 with more behind it. */
export function parseTraceparent(text: string | undefined): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = header.exec(text?.trim() ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceparentOf({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * The acceptance of a delivery: within the sender's trace when it named one, else in a trace of its own, whose id is the correlation id
 * without its hyphens, so that whoever has one finds the other.
 */
export function acceptanceOf(correlationId: string, sender: TraceContext | undefined): TraceContext {
  const hex = uuid.test(correlationId)
    ? correlationId.replaceAll('-', '')
    : sha256Hex(correlationId).slice(0, 32);
  return {
    traceId: sender?.traceId ?? hex,
    spanId: sha256Hex(`acceptance|${correlationId}`).slice(0, 16),
    sampled: sender?.sampled ?? true,
  };
}
