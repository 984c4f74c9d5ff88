/**
 * Spans of what the engine does: the acceptance of a delivery, each attempt of a run below it, the node visits below the attempt, the calls
 * of partners below the node that made them. Nothing of it happens where traces are off.
 */
import type { InboundRequest } from '../../connectors/kit/connector';
import type { TraceStep } from '../../ledger/runs';
import { acceptanceOf, parseTraceparent, type TraceContext, traceparentOf } from '../../model/trace-context';
import type { Traces } from '../../telemetry/traces';
import type { EngineDeps } from '../deps';
import type { PartnerCall } from '../partners/calls';
import type { ActiveRun } from './active-run';

/** Where an attempt stands in its trace. */
export interface RunSpan {
  context: TraceContext;
  parent: TraceContext;
  /** Ids of node visits that have called out while they lasted. */
  visits: Map<TraceStep, string>;
  /** Node visits told so far: a late message can add some to an attempt that was over. */
  told: number;
  /** The attempt itself is told. */
  over: boolean;
}

/** A delivery that the ledger has answered. */
export function traceDelivery(
  traces: Traces,
  delivery: { partner: string; request: InboundRequest; kind: string; correlationId: string },
  startedAt: number,
  endedAt: number,
): void {
  const { partner, request, kind, correlationId } = delivery;
  const sender = parseTraceparent(request.headers.traceparent);
  const acceptance = acceptanceOf(correlationId, sender);
  const first = kind === 'accepted';
  traces.record({
    name: 'accept',
    role: 'server',
    context: first ? acceptance : { ...acceptance, spanId: traces.newSpanId() },
    parent: sender ?? (first ? undefined : acceptance),
    startedAt,
    endedAt,
    attributes: {
      'reroute.partner': partner,
      'reroute.correlation_id': correlationId,
      'reroute.delivery': kind,
      'reroute.bytes': request.body.byteLength,
    },
  });
}

/** The delivery that a run goes back to is read once, for the sender's context; a raw run has it in hand. */
export async function openRunSpan({ ledger, traces }: EngineDeps, run: ActiveRun): Promise<void> {
  if (!traces || run.preview || run.span) return;
  const { correlationId, raw } = run.record;
  const delivery = raw ?? (await ledger.rawPayload(correlationId));
  const parent = acceptanceOf(correlationId, parseTraceparent(delivery?.headers.traceparent));
  run.span = {
    context: { ...parent, spanId: traces.newSpanId() },
    parent,
    visits: new Map(),
    told: 0,
    over: false,
  };
}

/** The attempt is over: its span, and one for each node visit. */
export function traceAttempt(traces: Traces, run: ActiveRun, endedAt: number): void {
  const { span, record, failure } = run;
  if (!span) return;
  if (!span.over)
    traces.record({
      name: `run ${record.kind}`,
      role: 'consumer',
      context: span.context,
      parent: span.parent,
      startedAt: run.startedAt,
      endedAt,
      attributes: {
        ...attributesOf(run),
        'reroute.attempt': record.attempt,
        'reroute.flow_id': run.flowId,
        'reroute.flow_version': run.flowVersion,
        'error.type': failure?.code,
      },
      error: failure && `${failure.code}: ${failure.message}`,
    });
  const failed = failure && run.trace.findLast(({ nodeId }) => nodeId === failure.nodeId);
  for (const step of run.trace.slice(span.told)) {
    traces.record({
      name: `node ${step.nodeType}`,
      role: 'internal',
      context: { ...span.context, spanId: span.visits.get(step) ?? traces.newSpanId() },
      parent: span.context,
      startedAt: step.at,
      endedAt: step.at + (step.durationMs ?? 0),
      attributes: {
        'reroute.node_id': step.nodeId,
        'reroute.node_type': step.nodeType,
        'reroute.node_name': step.nodeName,
        'reroute.run_id': record.id,
      },
      error: step.error ?? (step === failed ? failure?.message : undefined),
    });
  }
  span.over = true;
  span.told = run.trace.length;
  span.visits.clear();
}

/** A call of a partner with its own span, whose context goes along as `traceparent`. */
export async function tracedCall<T extends object>(
  deps: Pick<EngineDeps, 'traces' | 'now'>,
  run: ActiveRun,
  nodeId: string,
  call: PartnerCall,
  ask: (call: PartnerCall) => Promise<T>,
): Promise<T> {
  const { traces, now } = deps;
  if (!traces || !run.span) return ask(call);
  const context = { ...run.span.context, spanId: traces.newSpanId() };
  const tell = (outcome: string | undefined, error?: string) =>
    traces.record({
      name: `call ${call.operation.id}`,
      role: 'client',
      context,
      parent: visitOf(run, nodeId, traces) ?? run.span?.context,
      startedAt: call.now,
      endedAt: now(),
      attributes: {
        ...attributesOf(run),
        'reroute.partner': call.partner.id,
        'reroute.operation': call.operation.id,
        'reroute.effect_key': call.key,
        'reroute.outcome': outcome,
      },
      error,
    });
  try {
    const answer = await ask({ ...call, traceparent: traceparentOf(context) });
    const { outcome, message } = answer as { outcome?: string; message?: string };
    tell(outcome, outcome === undefined || outcome === 'ok' ? undefined : (message ?? outcome));
    return answer;
  } catch (error) {
    tell('error', error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** The visit in which the node makes the call, while it lasts. */
function visitOf(run: ActiveRun, nodeId: string, traces: Traces): TraceContext | undefined {
  const step = run.held.findLast((held) => held.nodeId === nodeId)?.step;
  if (!step || !run.span) return undefined;
  const spanId = run.span.visits.get(step) ?? traces.newSpanId();
  run.span.visits.set(step, spanId);
  return { ...run.span.context, spanId };
}

function attributesOf({ record }: ActiveRun) {
  return {
    'reroute.run_id': record.id,
    'reroute.correlation_id': record.correlationId,
    'reroute.case_id': record.caseId,
    'reroute.partner': record.partner,
  };
}

/** What every log line about a run carries. */
export function aboutRun({ record }: Pick<ActiveRun, 'record'>): Record<string, string> {
  const { id, correlationId, partner, caseId } = record;
  return {
    runId: id,
    correlationId,
    ...(partner === undefined ? {} : { partner }),
    ...(caseId === undefined ? {} : { caseId }),
  };
}
