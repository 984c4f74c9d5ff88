/** Starts a claimed run: finds where it enters the flows and hands its first message over. */
import type { ClaimedRun, ParkedMessage, RunRecord } from '../../ledger/runs';
import type { CaseState } from '../../model/case';
import { DeferredError, FatalError, NothingToDoError, type RerouteError } from '../../model/errors';
import type { FlowMessage, NodeRef, RunTag } from '../api';
import { healingNodeId } from '../cases/healing-node';
import type { EngineDeps } from '../deps';
import { snapshotOf } from '../snapshot';
import type { Sources } from '../sources';
import { isUpdatePlan } from '../update-plan';
import type { ActiveRun } from './active-run';
import { openRunSpan } from './spans';
import type { RunTracker } from './tracker';

/** What a replay run carries: the run it repeats and, where an operator corrected it, the payload instead of the recorded one. */
export interface ReplayInput {
  of: string;
  replayId: string;
  ordinal: number;
  body?: string;
  /** The dead letter that the replay is to repair. */
  deadLetter?: string;
  /** Node at whose input a parked message goes on instead of where it was parked. */
  moveTo?: string;
}

type Entry = { node: NodeRef; enter(message: FlowMessage): void };
interface ParkedStart {
  parked?: ParkedMessage;
  caseId?: string;
}
type Start = { entries: Entry[]; message: () => FlowMessage };

export class RunStarter {
  /** Content hash of the flow a tab or subflow is at; set after every deploy. */
  flowVersions = new Map<string, string>();

  constructor(
    private readonly deps: EngineDeps,
    private readonly sources: Sources,
    private readonly tracker: RunTracker,
    /** What a case run that no node starts does by itself. */
    private readonly heal: (run: ActiveRun) => Promise<void>,
  ) {}

  async start(run: ActiveRun): Promise<void> {
    try {
      const { record } = run;
      if (this.deps.traces) await openRunSpan(this.deps, run);
      if (isHealing(record)) {
        await this.heal(run);
        if (run.isQuiet) this.tracker.checkSoon(run);
        return;
      }
      const start = record.kind === 'replay' ? await this.replayed(run) : await this.startOf(record);
      if (run.phase !== 'open') return;
      this.enter(run, start);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const known = 'fate' in failure ? (failure as RerouteError) : undefined;
      const { parked, flowVersion } = run.record;
      // It never got into the present version: the dead letter names the one that it was parked by.
      if (flowVersion !== undefined) run.flowVersion = flowVersion;
      run.fail({
        ...(parked
          ? { nodeId: parked.nodeId, snapshot: snapshotOf(parked.message, this.deps.limits.maxMessageChars) }
          : {}),
        code: known?.code ?? 'START_FAILED',
        message: failure.message,
        ...(known ? { error: known, ...(known.hint ? { hint: known.hint } : {}) } : {}),
      });
    }
    if (run.isQuiet) this.tracker.checkSoon(run);
  }

  private enter(run: ActiveRun, start: Start): void {
    const flow = start.entries[0]?.node.z;
    run.flowId = flow;
    run.flowVersion = flow === undefined ? undefined : this.flowVersions.get(flow);
    for (const entry of start.entries) this.tracker.within(run, () => entry.enter(run.tag(start.message())));
  }

  private startOf(record: ClaimedRun): Start | Promise<Start> {
    if (record.kind === 'raw') return this.rawStart(record);
    if (record.kind === 'resume') return this.resumeStart(record);
    if (record.kind === 'alert') return this.alertStart(record.ref);
    return this.caseStart(record.ref, record.input);
  }

  private rawStart(record: Pick<ClaimedRun, 'partner' | 'raw' | 'ref'>): Start {
    const { raw } = record;
    if (!raw) throw new FatalError('PAYLOAD_MISSING', `the raw payload ${record.ref} is not in the ledger`);
    const entries = this.sources
      .forPartner(raw.partner)
      .map((source) => ({ node: source.node, enter: (message: FlowMessage) => source.deliver(message) }));
    if (entries.length === 0) throw noFlow(`no partner in node takes deliveries of ${raw.partner}`);
    const message = () =>
      withPayload(raw.body, raw.mediaType, {
        raw: {
          id: record.ref,
          partner: raw.partner,
          mediaType: raw.mediaType,
          receivedAt: raw.receivedAt,
          sha256: raw.contentHash,
          byteSize: raw.body.byteLength,
        },
      });
    return { entries, message };
  }

  private async caseStart(caseId: string, input: unknown): Promise<Start> {
    const state = await this.deps.ledger.case(caseId);
    if (!state) throw new FatalError('CASE_MISSING', `case ${caseId} is not in the ledger`);
    refuseEnded(state);
    const updated = triggerOf(input) === 'updated';
    const sources = updated ? this.sources.following(state) : this.sources.forCase(state);
    if (updated && sources.length === 0)
      throw new NothingToDoError('NOBODY_FOLLOWS', 'no flow follows the facts of the case any more');
    const entries = sources.map((source) => ({
      node: source.node,
      enter: (message: FlowMessage) => source.deliver(message),
    }));
    if (entries.length === 0) throw noFlow(`no exception in node takes ${state.code}`);
    return { entries, message: () => caseMessage(state, input) };
  }

  private async alertStart(id: string): Promise<Start> {
    const alert = await this.deps.ledger.alert(id);
    if (!alert) throw new FatalError('ALERT_MISSING', `the alert ${id} is not in the ledger`);
    const entries = this.sources
      .forAlert(alert)
      .map((source) => ({ node: source.node, enter: (message: FlowMessage) => source.deliver(message) }));
    if (entries.length === 0)
      throw noFlow(`no alert in node takes ${alert.kind} alerts of the rule ${alert.rule}`);
    const message = () => ({ payload: alert.message, topic: alert.rule, alert: structuredClone(alert) });
    return { entries, message };
  }

  private async resumeStart({ parked, caseId }: ParkedStart, moveTo?: string): Promise<Start> {
    if (!parked) throw new FatalError('PARKED_MISSING', 'the parked message is not in the ledger');
    const entry = moveTo === undefined ? await this.resumeEntry(parked) : this.movedEntry(moveTo);
    const state = caseId === undefined ? undefined : await this.deps.ledger.case(caseId);
    if (state) refuseEnded(state);
    const message = (): FlowMessage => {
      const copy = structuredClone(parked.message) as FlowMessage;
      // A decision taken while it waited began a new plan.
      if (state?.plan && copy.reroute && !isUpdatePlan(copy.reroute.plan))
        copy.reroute.plan = String(state.planVersion);
      return state ? { ...copy, case: structuredClone(state) } : copy;
    };
    return { entries: [entry], message };
  }

  private async resumeEntry(parked: ParkedMessage): Promise<Entry> {
    const point = this.sources.resumePoint(parked.nodeId);
    if (!point) throw await this.nodeGone(parked);
    const { resumption } = parked;
    const reason = resumption?.reason ?? 'timer';
    const enter = (message: FlowMessage) =>
      point.resume(message, {
        // What it waited for has not come: it waits anew.
        reenter: reason === 'released' ? 'input' : parked.reenter,
        reason,
        ...(resumption?.payload === undefined ? {} : { payload: resumption.payload }),
        ...(resumption?.by === undefined ? {} : { by: resumption.by }),
      });
    return { node: point.node, enter };
  }

  private movedEntry(nodeId: string): Entry {
    const target = this.deps.nodeAt?.(nodeId);
    if (!target)
      throw new FatalError(
        'NODE_UNKNOWN',
        `no node ${nodeId} is deployed, so the message cannot be moved there`,
        {
          hint: 'Name a node with an input of the deployed flows by its id.',
        },
      );
    return { node: target.node, enter: (message) => target.receive(message) };
  }

  /** Names the node as the run that parked there knew it. */
  private async nodeGone(parked: ParkedMessage): Promise<FatalError> {
    const parkedBy = await this.deps.ledger.run(parked.runId);
    const step = parkedBy?.trace?.find(({ nodeId }) => nodeId === parked.nodeId);
    const name = step ? `${step.nodeType}${step.nodeName ? ` "${step.nodeName}"` : ''} ` : '';
    return new FatalError(
      'NODE_GONE',
      `the message was parked at ${name}${parked.nodeId}, which the deployed flows do not have any more`,
      {
        hint: 'Move it to a node of the deployed flows, or deploy a version with that node again and replay it.',
        context: { parkedAt: parked.nodeId },
      },
    );
  }

  private async parkedOf(original: RunRecord): Promise<ParkedStart> {
    for (const { id } of await this.deps.ledger.runsByRoot(original.rootRunId)) {
      const parked = (await this.deps.ledger.parkedByRun(id)).find((entry) => entry.id === original.ref);
      if (parked) return { parked, ...(original.caseId === undefined ? {} : { caseId: original.caseId }) };
    }
    return {};
  }

  /** The run that a replay repeats; the replay of a replay repeats what that one did. */
  private async firstOf(id: string): Promise<RunRecord> {
    const seen = new Set<string>();
    for (let next = id; !seen.has(next); ) {
      seen.add(next);
      const record = await this.deps.ledger.run(next);
      if (!record) break;
      if (record.kind !== 'replay') return record;
      next = (record.input as ReplayInput).of;
    }
    throw new FatalError('RUN_MISSING', `the run ${id} is not in the ledger`);
  }

  private async replayed(run: ActiveRun): Promise<Start> {
    const input = run.record.input as ReplayInput;
    const original = await this.firstOf(input.of);
    if (original.kind === 'case') return this.caseStart(original.ref, original.input);
    if (original.kind === 'alert') return this.alertStart(original.ref);
    if (original.kind === 'resume') return this.resumeStart(await this.parkedOf(original), input.moveTo);
    const raw = await this.deps.ledger.rawPayload(original.ref);
    if (!raw) throw new FatalError('PAYLOAD_MISSING', `the raw payload ${original.ref} is not in the ledger`);
    const body = input.body === undefined ? raw.body : Buffer.from(input.body, 'utf8');
    run.record.raw = {
      partner: raw.partner,
      headers: raw.headers,
      body,
      mediaType: raw.mediaType,
      receivedAt: raw.receivedAt,
      contentHash: raw.contentHash,
    };
    return this.rawStart({ ref: original.ref, partner: raw.partner, raw: run.record.raw });
  }
}

function noFlow(what: string): DeferredError {
  return new DeferredError('NO_FLOW', `${what}`, {
    hint: 'It waits and starts by itself when such a flow is deployed.',
    retryAfterMs: 60_000,
  });
}

function isHealing({ kind, input, parked }: ClaimedRun): boolean {
  if (kind === 'resume') return parked?.nodeId === healingNodeId;
  return kind === 'case' && triggerOf(input) === 'healed';
}

const triggerOf = (input: unknown): string =>
  (input as { trigger?: string } | undefined)?.trigger ?? 'detected';

/** @throws NothingToDoError when the case was suppressed or cancelled: nothing is to be done about it any more */
function refuseEnded({ id, state }: CaseState): void {
  if (state === 'SUPPRESSED' || state === 'CANCELLED')
    throw new NothingToDoError('CASE_ENDED', `case ${id} is ${state}: nothing is to be done about it`);
}

function caseMessage(state: CaseState, input: unknown): FlowMessage {
  const trigger = triggerOf(input);
  // Until a decision pins a plan, effects belong to this opening of the case: the same at every attempt.
  const { plan = `r${state.reopenCount}` } = (input ?? {}) as { plan?: string };
  const reroute = { plan } as RunTag;
  return { payload: state.id, topic: state.code, case: structuredClone(state), trigger, reroute };
}

/**
 * The payload is parsed when a node first looks at it: `normalize` reads the recorded bytes, and many flows read nothing else.
 * A copy of the message holds it as plain data.
 */
function withPayload(body: Uint8Array, mediaType: string, message: FlowMessage): FlowMessage {
  const settle = (value: unknown) =>
    Object.defineProperty(message, 'payload', {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  Object.defineProperty(message, 'payload', {
    configurable: true,
    enumerable: true,
    get: () => settle(payloadOf(body, mediaType)).payload,
    set: settle,
  });
  return message;
}

/** JSON becomes an object, other text a string, everything else stays bytes; a broken JSON stays text for `normalize` to reject. */
function payloadOf(body: Uint8Array, mediaType: string): unknown {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (/[/+]json\b/i.test(mediaType)) {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      return bytes.toString('utf8');
    }
  }
  return /^text\/|[/+]xml\b|edi/i.test(mediaType) ? bytes.toString('utf8') : bytes;
}
