/** Parking: a message that waits leaves memory, survives in the ledger and goes on from its node days later. */
import type { ParkSeed } from '../ledger/runs';
import type { FlowMessage, WaitRequest } from './api';
import type { EngineDeps } from './deps';
import type { ActiveRun } from './runs/active-run';
import type { Scheduler } from './runs/scheduler';
import { serialisableMessage } from './snapshot';

export class Waits {
  constructor(
    private readonly deps: EngineDeps,
    private readonly scheduler: Scheduler,
  ) {}

  /** Durable when it resolves. A repeated attempt that parks the same message again changes nothing. */
  async park(run: ActiveRun, message: FlowMessage, request: WaitRequest): Promise<void> {
    if (run.preview) {
      run.preview.notes.push(
        `waits at ${request.node.name ?? request.node.type}; what follows is decided when it goes on`,
      );
      return;
    }
    const ordinal = run.parkOrdinals.get(request.node.id) ?? 0;
    run.parkOrdinals.set(request.node.id, ordinal + 1);
    const at = this.deps.now();
    const seed: ParkSeed = {
      id: `${run.id}:${request.node.id}:${ordinal}`,
      runId: run.id,
      nodeId: request.node.id,
      kind: request.kind,
      reenter: request.reenter ?? 'output',
      message: serialisableMessage(message, this.deps.limits.maxMessageChars),
      at,
      ...(request.afterMs === undefined ? {} : { dueAt: at + request.afterMs }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      ...(run.record.caseId === undefined ? {} : { caseId: run.record.caseId }),
    };
    await this.deps.ledger.park(run.lease, [seed]);
    if (seed.dueAt !== undefined) this.scheduler.dueAt(run.lease.partition, seed.dueAt);
  }

  /** Resumes every message that waits for the signal, wherever it is parked. Answers how many. */
  async signal(signal: string, payload: unknown, by: string): Promise<number> {
    let resumed = 0;
    for (let partition = 0; partition < this.deps.ledger.partitions; partition += 1) {
      const runs = await this.deps.ledger.signal(partition, { signal, payload, by, now: this.deps.now() });
      if (runs.length === 0) continue;
      resumed += runs.length;
      this.deps.dispatch.notify(partition);
    }
    return resumed;
  }
}
