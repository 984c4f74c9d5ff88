/** Cases whose clocks ran out are escalated once for each clock; verified ones are closed when they have cooled down. */
import type { Lease } from '../../ledger/port';
import { clockAlert } from '../../model/alert';
import { type CaseState, coolingMs, isOpen } from '../../model/case';
import { partitionOf } from '../../model/keys';
import type { CaseService } from '../cases/service';
import type { EngineDeps } from '../deps';
import type { Alerts } from './alerts';
import type { Watch } from './sweep';

/** Pages of verified cases that one look reads. */
const maxPages = 5;
const pageSize = 200;
/** Cooling takes a day: looking for what has cooled down every minute is often enough. */
const closeEveryMs = 60_000;
const system = { by: 'system', role: 'system' as const };
const clocks = ['acknowledge', 'resolve'] as const;

export class Clocks implements Watch {
  readonly name = 'clocks';
  private closedAt = 0;

  constructor(
    private readonly deps: EngineDeps,
    private readonly cases: CaseService,
    private readonly alerts: Alerts,
  ) {}

  async round(leases: readonly Lease[]): Promise<void> {
    const mine = new Set(leases.map(({ partition }) => partition));
    const isMine = (state: CaseState) => mine.has(partitionOf(state.subject, this.deps.ledger.partitions));
    const breached = await this.deps.ledger.breachedCases(this.deps.now(), this.deps.limits.attentionBatch);
    for (const state of breached.filter(isMine)) await this.escalate(state);
    if (this.deps.now() - this.closedAt >= closeEveryMs) {
      this.closedAt = this.deps.now();
      for await (const state of this.cooled()) if (isMine(state)) await this.close(state);
    }
    await this.resolveOver();
  }

  /** The alert comes first: a crash in between finds the case again, and the open alert counts it. */
  private async escalate(state: CaseState): Promise<void> {
    for (const clock of clocks) {
      const now = this.deps.now();
      if (!ranOut(state, clock, now)) continue;
      await this.alerts.raise(clockAlert(state, clock, this.deps.newId(), now));
      this.deps.meter?.breach(clock, state.severity);
      await this.cases.apply(state.id, () => [
        { type: 'escalate', ...system, clock, reason: `the ${clock} clock ran out` },
      ]);
    }
  }

  private async *cooled(): AsyncGenerator<CaseState> {
    const before = this.deps.now() - coolingMs;
    let cursor: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const { items, nextCursor } = await this.deps.ledger.cases(
        { state: ['VERIFIED'] },
        { limit: pageSize, sort: 'resolveDueAt', ...(cursor === undefined ? {} : { cursor }) },
      );
      yield* items.filter(({ lastVerifiedAt }) => (lastVerifiedAt ?? Infinity) <= before);
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  private async close({ id }: CaseState): Promise<void> {
    await this.cases.apply(id, () => [{ type: 'close', ...system, reason: 'nothing contradicted it' }]);
  }

  /** An alert about a case ends with the case's need: it was taken on, resolved, or is over. */
  private async resolveOver(): Promise<void> {
    for (const rule of ['clock.acknowledge', 'clock.resolve'] as const) {
      const over: string[] = [];
      for await (const { key, caseId } of this.alerts.open(rule)) {
        const state = caseId === undefined ? undefined : await this.deps.ledger.case(caseId);
        if (!state || isMet(state, rule)) over.push(key);
      }
      if (over.length > 0) await this.alerts.resolve(over);
    }
  }
}

function ranOut(state: CaseState, clock: (typeof clocks)[number], now: number): boolean {
  const { acknowledgeDueAt, acknowledgedAt, acknowledgeBreachedAt, resolveDueAt, resolveBreachedAt } =
    state.clocks;
  return clock === 'acknowledge'
    ? (acknowledgeDueAt ?? Infinity) <= now &&
        acknowledgedAt === undefined &&
        acknowledgeBreachedAt === undefined
    : (resolveDueAt ?? Infinity) <= now && resolveBreachedAt === undefined && !isResolved(state);
}

const isResolved = ({ state }: CaseState): boolean => state === 'RESOLVED' || state === 'VERIFIED';

function isMet(state: CaseState, rule: 'clock.acknowledge' | 'clock.resolve'): boolean {
  if (!isOpen(state.state)) return true;
  return rule === 'clock.acknowledge' ? state.clocks.acknowledgedAt !== undefined : isResolved(state);
}
