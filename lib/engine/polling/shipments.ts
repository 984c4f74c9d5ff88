/** Shipments of a carrier that are under way: one question for each of their tracking numbers. */

import type { Poll } from '../../ledger/polls';
import type { Lease } from '../../ledger/port';
import { DeferredError, isRerouteError, StaleFenceError } from '../../model/errors';
import type { ShipmentView } from '../../model/shipment';
import { type Asking, ask } from './ask';
import { type Interval, nextInterval } from './interval';
import type { Round, Task } from './task';

/** Facts read for new numbers by one call of the ledger, and numbers asked for in one round. */
const factsPerRead = 1_000;
const readsPerRound = 20;
const numbersPerRound = 100;

export class ShipmentsTask implements Task {
  readonly kind = 'shipments';

  constructor(
    private readonly asking: Asking,
    readonly interval: Interval,
    /** A number of which nothing was heard for this long is not asked for any more, milliseconds. */
    private readonly forgetAfterMs: number,
  ) {}

  async round(lease: Lease, stopped: () => boolean): Promise<Round> {
    const { deps, partner } = this.asking;
    const unread = await this.enrol(lease, stopped);
    const due = await deps.ledger.duePolls(partner.id, { now: deps.now(), limit: numbersPerRound });
    const sum: Sum = { news: 0, notBefore: undefined, problem: undefined };
    const width = Math.max(1, Math.min(partner.limits.concurrency, 8));
    for (let at = 0; at < due.length && !stopped() && sum.notBefore === undefined; at += width) {
      await Promise.all(due.slice(at, at + width).map((poll) => this.one(poll, lease, sum, stopped)));
    }
    const next = await deps.ledger.pollCount(partner.id);
    return {
      news: sum.news,
      more: sum.notBefore === undefined && (unread || due.length === numbersPerRound),
      ...(sum.notBefore === undefined ? {} : { notBefore: sum.notBefore }),
      ...(next.dueAt === undefined ? {} : { dueAt: next.dueAt }),
      ...(sum.problem === undefined ? {} : { problem: sum.problem }),
    };
  }

  /** Answers whether there are more facts to read. */
  private async enrol(lease: Lease, stopped: () => boolean): Promise<boolean> {
    const { deps, partner, poller } = this.asking;
    const named = poller.carriers ?? [partner.connector.manifest.id];
    const carriers = [...named, ...(partner.config.fetch?.carriers ?? [])];
    for (let turn = 0; turn < readsPerRound && !stopped(); turn += 1) {
      const now = deps.now();
      const { read } = await deps.ledger.enrolNumbers(lease, {
        partner: partner.id,
        carriers,
        since: now - this.forgetAfterMs,
        limit: factsPerRead,
        now,
      });
      if (read < factsPerRead) return false;
    }
    return true;
  }

  private async one(poll: Poll, lease: Lease, sum: Sum, stopped: () => boolean): Promise<void> {
    const { deps, partner } = this.asking;
    if (!(await this.isUnderWay(poll))) {
      await deps.ledger.savePolls(lease, [{ partner: partner.id, subject: poll.subject, forget: true }]);
      return;
    }
    try {
      const request = {
        trackingNumber: poll.subject,
        since: poll.seenAt ?? deps.now(),
        ...(poll.cursor === undefined ? {} : { cursor: poll.cursor }),
      };
      const { news, result } = await ask(this.asking, request, stopped);
      sum.news += news;
      if (result.pauseMs !== undefined) sum.notBefore = later(sum.notBefore, deps.now() + result.pauseMs);
      await deps.ledger.savePolls(lease, [
        result.finished === true
          ? { partner: partner.id, subject: poll.subject, forget: true }
          : this.after(poll, news > 0 ? 'news' : 'quiet', result.cursor, result.more),
      ]);
    } catch (error) {
      await this.failed(poll, lease, sum, error);
    }
  }

  /** The number waits its turn again, so that one that always fails does not hold up the others. */
  private async failed(poll: Poll, lease: Lease, sum: Sum, error: unknown): Promise<void> {
    if (error instanceof StaleFenceError) throw error;
    sum.problem = error;
    if (isRerouteError(error) && error.retryAfterMs !== undefined)
      sum.notBefore = later(sum.notBefore, this.asking.deps.now() + error.retryAfterMs);
    // The partner is held or its circuit open: the number was not asked for at all.
    if (error instanceof DeferredError) return;
    await this.asking.deps.ledger.savePolls(lease, [this.after(poll, 'failed')]);
  }

  private after(poll: Poll, outcome: 'news' | 'quiet' | 'failed', cursor?: string, more = false): Poll {
    const now = this.asking.deps.now();
    const intervalMs = nextInterval(poll.intervalMs, this.interval, outcome);
    return {
      ...poll,
      intervalMs,
      dueAt: more ? now : now + intervalMs,
      polledAt: now,
      ...(cursor === undefined ? {} : { cursor }),
      ...(outcome === 'news' ? { newsAt: now } : {}),
    };
  }

  private async isUnderWay(poll: Poll): Promise<boolean> {
    const { deps } = this.asking;
    if ((poll.seenAt ?? 0) < deps.now() - this.forgetAfterMs) return false;
    const found = poll.shipment === undefined ? undefined : await deps.ledger.shipment(poll.shipment);
    return found === undefined || !hasEnded(found.view);
  }
}

interface Sum {
  news: number;
  notBefore: number | undefined;
  problem: unknown;
}

const later = (a: number | undefined, b: number): number => Math.max(a ?? 0, b);
const ends: ReadonlySet<string | undefined> = new Set(['DELIVERED', 'RETURNED', 'RECEIVED', 'CANCELLED']);

function hasEnded(view: ShipmentView): boolean {
  return view.deliveredAt !== undefined || view.returnedAt !== undefined || ends.has(view.milestone);
}
