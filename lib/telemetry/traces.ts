/**
 * Traces over OTLP/HTTP. Spans are told when they are over, with ids that are known before: an id goes to a partner with the call, the span
 * follows with the answer. The SDK is loaded only where traces are wanted; it batches, and drops spans rather than hold anything up.
 */
import type { SpanKind, Tracer } from '@opentelemetry/api';
import type { IdGenerator, TracerProvider } from '@opentelemetry/sdk-trace';
import { maskText } from '../model/personal';
import type { TraceContext } from '../model/trace-context';

export type SpanRole = 'server' | 'consumer' | 'internal' | 'client';

export interface FinishedSpan {
  name: string;
  role: SpanRole;
  context: TraceContext;
  parent?: TraceContext | undefined;
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt: number;
  /** What is undefined is left out. */
  attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  /** What went wrong; personal data is masked. */
  error?: string | undefined;
}

export interface Traces {
  /** 16 hex digits. */
  newSpanId(): string;
  /** Never fails and never waits. */
  record(span: FinishedSpan): void;
  /** Sends what is left; gives up after two seconds when the collector does not answer. */
  stop(): Promise<void>;
}

export interface TracesOptions {
  /** Base URL of an OTLP/HTTP collector; spans go to `/v1/traces` below it. */
  endpoint: string;
  serviceVersion: string;
  /** Tells processes of one service apart. */
  instance: string;
}

const stopMs = 2_000;
/** A batch that the collector has not taken by then, repeats included, is dropped: spans are worth less than the process's memory. */
const batchMs = 2_000;

/** Loads the SDK: some 40 ms and a few MiB that nobody pays who exports nothing. */
export function openTraces({ endpoint, serviceVersion, instance }: TracesOptions): Traces {
  const api = require('@opentelemetry/api') as typeof import('@opentelemetry/api');
  const sdk = require('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace');
  const { resourceFromAttributes } =
    require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const { OTLPTraceExporter } =
    require('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
  const ids = new GivenIds(new sdk.RandomIdGenerator());
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: batchMs,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'reroute',
      'service.version': serviceVersion,
      'service.instance.id': instance,
    }),
    idGenerator: ids,
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter, maxQueueSize: 8_192, scheduledDelayMillis: 1_000 }),
    ],
  });
  return new OtlpTraces(api, provider, provider.getTracer('reroute'), ids);
}

/** The ids of the next span are given, not drawn. */
class GivenIds implements IdGenerator {
  next: TraceContext | undefined;

  constructor(private readonly random: IdGenerator) {}

  readonly generateTraceId = (): string => this.next?.traceId ?? this.random.generateTraceId();
  readonly generateSpanId = (): string => this.next?.spanId ?? this.random.generateSpanId();
}

class OtlpTraces implements Traces {
  constructor(
    private readonly api: typeof import('@opentelemetry/api'),
    private readonly provider: TracerProvider,
    private readonly tracer: Tracer,
    private readonly ids: GivenIds,
  ) {}

  newSpanId(): string {
    return this.ids.generateSpanId();
  }

  record({ name, role, context, parent, startedAt, endedAt, attributes, error }: FinishedSpan): void {
    const { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags } = this.api;
    const within = parent
      ? trace.setSpanContext(ROOT_CONTEXT, {
          traceId: parent.traceId,
          spanId: parent.spanId,
          traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
          isRemote: true,
        })
      : ROOT_CONTEXT;
    this.ids.next = context;
    const span = this.tracer.startSpan(
      name,
      { kind: this.kindOf(role), startTime: new Date(startedAt), attributes },
      within,
    );
    this.ids.next = undefined;
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: maskText(error) });
    span.end(new Date(Math.max(startedAt, endedAt)));
  }

  private kindOf(role: SpanRole): SpanKind {
    const { SpanKind } = this.api;
    return {
      server: SpanKind.SERVER,
      consumer: SpanKind.CONSUMER,
      internal: SpanKind.INTERNAL,
      client: SpanKind.CLIENT,
    }[role];
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopMs);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}
