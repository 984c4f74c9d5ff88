/** Replays: a frozen selection, previewed effect by effect or carried out at a rate, one run an item. */
import type { Replay, ReplayItem } from '../ledger/operators';
import type { RunRecord } from '../ledger/runs';
import type { ReplayFilter } from './api';
import type { EngineDeps } from './deps';
import { selectRuns } from './replay-selection';
import type { PreviewSink } from './runs/active-run';
import type { ReplayInput } from './runs/starter';

export interface ReplayRequest {
  name: string;
  reason: string;
  by: string;
  mode: 'preview' | 'live';
  /** Dead letter or run ids, or a filter over dead letters; one of them is needed. */
  ids?: string[];
  filter?: Omit<ReplayFilter, 'ids'>;
  /** Corrected payload text by dead letter or run id. */
  edit?: Record<string, string>;
  canary?: number;
  ratePerSecond?: number;
  /** It pauses by itself once so many items have failed. */
  stopAfterFailures?: number;
  /** Node at whose input parked messages go on instead of where they were parked. */
  moveTo?: string;
}

const pageSize = 200;
/** How long the end of a run waits for others before the replay is looked at, milliseconds. */
const finishDelayMs = 50;

export class Replays {
  private readonly driving = new Set<string>();
  /** Failed items since the replay was started or went on. */
  private readonly failures = new Map<string, number>();
  /** Replays whose runs are all queued. */
  private readonly queued = new Set<string>();
  private readonly looking = new Set<string>();

  constructor(
    private readonly deps: EngineDeps,
    /** Runs one item through the flows with nothing written or sent. */
    private readonly preview: (record: RunRecord, input: ReplayInput) => Promise<PreviewSink>,
  ) {}

  /** @throws FatalError UNSCOPED_REPLAY, REPLAY_EMPTY, REPLAY_TOO_LARGE */
  async create(request: ReplayRequest): Promise<{ replay: Replay; count: number }> {
    const letters = await selectRuns(this.deps.ledger, request);
    const id = this.deps.newId();
    const items: ReplayItem[] = [];
    for (const [ordinal, { ref, run, kind }] of letters.entries()) {
      const edit = request.edit?.[ref];
      items.push({
        replayId: id,
        ordinal,
        ref,
        kind,
        orderKey: run.orderKey,
        partition: run.partition,
        outcome: 'pending',
        runId: run.id,
        ...(request.moveTo !== undefined
          ? { edit: { moveTo: request.moveTo } }
          : edit === undefined
            ? {}
            : { edit }),
      });
    }
    const replay: Replay = {
      id,
      name: request.name,
      reason: request.reason,
      mode: request.mode,
      by: request.by,
      createdAt: this.deps.now(),
      state: 'planned',
      ratePerSecond: request.ratePerSecond ?? 20,
      selection: { ids: request.ids, filter: request.filter },
      ...(request.canary === undefined ? {} : { canary: request.canary }),
      ...(request.stopAfterFailures === undefined ? {} : { stopAfterFailures: request.stopAfterFailures }),
    };
    await this.deps.ledger.createReplay(replay, items);
    if (request.mode === 'preview') await this.previewAll(replay, items);
    return { replay, count: items.length };
  }

  private async previewAll(replay: Replay, items: ReplayItem[]): Promise<void> {
    await this.deps.ledger.setReplayState(replay.id, ['planned'], 'running', this.deps.now());
    for (const item of items) {
      const original = item.runId === undefined ? undefined : await this.deps.ledger.run(item.runId);
      if (!original) continue;
      const sink = await this.preview(original, this.inputOf(item));
      await this.deps.ledger.updateReplayItem({
        replayId: replay.id,
        ordinal: item.ordinal,
        ...verdictOf(sink),
      });
    }
    await this.deps.ledger.setReplayState(replay.id, ['running'], 'done', this.deps.now());
  }

  private inputOf(item: ReplayItem): ReplayInput {
    return {
      of: item.runId ?? item.ref,
      replayId: item.replayId,
      ordinal: item.ordinal,
      ...(typeof item.edit === 'string' ? { body: item.edit } : {}),
      ...(isMove(item.edit) ? { moveTo: item.edit.moveTo } : {}),
      ...(item.kind === 'dead-letter' ? { deadLetter: item.ref } : {}),
    };
  }

  /** Starts or goes on; false when it is in no state to. */
  async start(id: string): Promise<boolean> {
    const replay = await this.deps.ledger.replay(id);
    if (replay?.mode !== 'live') return false;
    const moved = await this.deps.ledger.setReplayState(
      id,
      ['planned', 'paused'],
      'running',
      this.deps.now(),
    );
    if (moved) this.failures.delete(id);
    if (moved) this.drive(replay);
    return moved;
  }

  pause(id: string): Promise<boolean> {
    return this.deps.ledger.setReplayState(id, ['running'], 'paused', this.deps.now());
  }

  cancel(id: string): Promise<boolean> {
    return this.deps.ledger.setReplayState(
      id,
      ['planned', 'running', 'paused'],
      'cancelled',
      this.deps.now(),
    );
  }

  /** After a restart: replays that were running go on where they were. */
  async recover(): Promise<void> {
    let cursor: string | null = null;
    do {
      const page: { items: Replay[]; nextCursor: string | null } = await this.deps.ledger.replays({
        limit: pageSize,
        ...(cursor === null ? {} : { cursor }),
      });
      for (const replay of page.items) {
        if (replay.state !== 'running') continue;
        if (replay.mode === 'live') this.drive(replay);
        // A preview holds nothing that could be continued: who asked for it asks again.
        else await this.deps.ledger.setReplayState(replay.id, ['running'], 'cancelled', this.deps.now());
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  private drive(replay: Replay): void {
    if (this.driving.has(replay.id)) return;
    this.driving.add(replay.id);
    this.queueAll(replay)
      .catch((error: unknown) => this.deps.log.error({ err: error, replayId: replay.id }, 'replay stopped'))
      .finally(() => this.driving.delete(replay.id));
  }

  private async queueAll(replay: Replay): Promise<void> {
    let cursor: string | null = null;
    let queued = 0;
    do {
      const page: { items: ReplayItem[]; nextCursor: string | null } = await this.deps.ledger.replayItems(
        replay.id,
        { limit: pageSize, ...(cursor === null ? {} : { cursor }) },
      );
      for (const item of page.items) {
        if (item.outcome !== 'pending') continue;
        if ((await this.deps.ledger.replay(replay.id))?.state !== 'running') return;
        await this.queue(item);
        queued += 1;
        if (replay.canary !== undefined && queued === replay.canary) {
          await this.pause(replay.id);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 1000 / replay.ratePerSecond).unref());
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    this.queued.add(replay.id);
    await this.finishIfOver(replay.id);
  }

  /** A live replay is done when the last of its runs has ended. */
  private async finishIfOver(id: string): Promise<void> {
    let cursor: string | null = null;
    do {
      const page: { items: ReplayItem[]; nextCursor: string | null } = await this.deps.ledger.replayItems(
        id,
        { limit: pageSize, ...(cursor === null ? {} : { cursor }) },
      );
      if (page.items.some(({ outcome }) => outcome === 'pending')) return;
      cursor = page.nextCursor;
    } while (cursor !== null);
    this.queued.delete(id);
    await this.deps.ledger.setReplayState(id, ['running'], 'done', this.deps.now());
  }

  /** Many runs end at once: the items are looked through once for all of them. */
  private finishSoon(id: string): void {
    if (!this.queued.has(id) || this.looking.has(id)) return;
    this.looking.add(id);
    setTimeout(() => {
      this.looking.delete(id);
      this.finishIfOver(id).catch((error: unknown) =>
        this.deps.log.error({ err: error, replayId: id }, 'the end of a replay could not be recorded'),
      );
    }, finishDelayMs).unref();
  }

  private async queue(item: ReplayItem): Promise<void> {
    const original = item.runId === undefined ? undefined : await this.deps.ledger.run(item.runId);
    if (!original) {
      await this.settled(this.inputOf(item), false, 'the run that it repeats is not in the ledger any more');
      return;
    }
    const now = this.deps.now();
    const id = `${item.replayId}:${item.ordinal}`;
    await this.deps.ledger.enqueueRuns(
      original.partition,
      [
        {
          id,
          kind: 'replay',
          ref: item.ref,
          orderKey: original.orderKey,
          correlationId: original.correlationId,
          causationId: original.id,
          rootRunId: original.rootRunId,
          dueAt: now,
          input: { ...this.inputOf(item), plan: (original.input as { plan?: string } | undefined)?.plan },
          ...(original.partner === undefined ? {} : { partner: original.partner }),
          ...(original.caseId === undefined ? {} : { caseId: original.caseId }),
        },
      ],
      now,
    );
    this.deps.dispatch.notify(original.partition);
    await this.catchUp(item, id);
  }

  /** After a restart: a run that has ended while nobody could write it down is not run again. */
  private async catchUp(item: ReplayItem, id: string): Promise<void> {
    const run = await this.deps.ledger.run(id);
    if (run?.state === 'dead') await this.settled(this.inputOf(item), false, run.lastError?.message);
    if (run?.state !== 'done' && run?.state !== 'parked') return;
    const [letter] = (await this.deps.ledger.deadLetters({ runIds: [id] }, { limit: 1 })).items;
    await this.settled(this.inputOf(item), letter === undefined, letter?.reason.message);
  }

  /** What was planned on a sound cause does not go on failing: past its limit the replay waits for a person. */
  private async countFailure(id: string): Promise<void> {
    const failures = (this.failures.get(id) ?? 0) + 1;
    this.failures.set(id, failures);
    const replay = await this.deps.ledger.replay(id);
    if (replay?.stopAfterFailures === undefined || failures < replay.stopAfterFailures) return;
    if (!(await this.pause(id))) return;
    await this.deps.ledger.appendAudit(0, [
      {
        id: this.deps.newId(),
        at: this.deps.now(),
        actor: 'system',
        action: 'replay.stop',
        subject: `replay:${id}`,
        reason: `${failures} items failed`,
        outcome: 'done',
      },
    ]);
  }

  /** A replay run has ended: its item, and the dead letter it repaired, say so. */
  async settled(input: ReplayInput, ok: boolean, message: string | undefined): Promise<void> {
    await this.deps.ledger.updateReplayItem({
      replayId: input.replayId,
      ordinal: input.ordinal,
      outcome: ok ? 'done' : 'failed',
      ...(message === undefined ? {} : { message }),
    });
    this.finishSoon(input.replayId);
    if (!ok) await this.countFailure(input.replayId);
    if (!ok || input.deadLetter === undefined) return;
    const replay = await this.deps.ledger.replay(input.replayId);
    if (!replay) return;
    await this.deps.ledger.resolveDeadLetters(
      [input.deadLetter],
      'replayed',
      { by: replay.by, reason: replay.reason, replayId: replay.id },
      this.deps.now(),
    );
  }
}

const isMove = (edit: unknown): edit is { moveTo: string } =>
  typeof edit === 'object' && edit !== null && 'moveTo' in edit && typeof edit.moveTo === 'string';

const worst: readonly ReplayItem['outcome'][] = ['skip', 'create', 'change', 'costs', 'needs approval'];

function verdictOf(sink: PreviewSink): Pick<ReplayItem, 'outcome' | 'effects'> & { message?: string } {
  const outcome = sink.effects.reduce((rank, effect) => Math.max(rank, worst.indexOf(effect.outcome)), 0);
  const notes = [
    ...sink.notes,
    ...sink.withheld.map((node) => `not entered in a preview: ${node.nodeType} ${node.nodeId}`),
  ];
  return {
    outcome: sink.failed ? 'failed' : (worst[outcome] ?? 'skip'),
    effects: sink.effects,
    ...(notes.length > 0 ? { message: notes.join('; ') } : {}),
  };
}
