/** A partner's feed: one question for everything that is new, page after page. */
import type { Lease } from '../../ledger/port';
import { type Asking, ask } from './ask';
import { type Interval, nextInterval } from './interval';
import type { Round, Task } from './task';

/** Pages of one round, so that a deploy does not wait for the end of a long feed. */
const maxPages = 20;

export class FeedTask implements Task {
  readonly kind = 'feed';
  /** The due time that the ledger had is respected once, after a start. */
  private resumed = false;

  constructor(
    private readonly asking: Asking,
    readonly interval: Interval,
    private readonly lookBackMs: number,
  ) {}

  async round(lease: Lease, stopped: () => boolean): Promise<Round> {
    const { deps, partner } = this.asking;
    const known = await deps.ledger.poll(partner.id, '');
    if (
      !this.resumed &&
      known &&
      known.dueAt > deps.now() &&
      known.dueAt - deps.now() <= this.interval.maxMs
    ) {
      this.resumed = true;
      return { news: 0, more: false, notBefore: known.dueAt };
    }
    this.resumed = true;
    let cursor = known?.cursor;
    let news = 0;
    for (let page = 0; page < maxPages && !stopped(); page += 1) {
      const { result, news: fresh } = await ask(
        this.asking,
        { since: deps.now() - this.lookBackMs, ...(cursor === undefined ? {} : { cursor }) },
        stopped,
      );
      news += fresh;
      const stuck = result.more && (result.cursor ?? cursor) === cursor;
      cursor = result.cursor ?? cursor;
      const notBefore = result.pauseMs === undefined ? undefined : deps.now() + result.pauseMs;
      await this.save(lease, known?.intervalMs ?? 0, { cursor, news, notBefore, newsAt: known?.newsAt });
      // A next page under the same cursor would be this one again.
      if (!result.more || stuck || notBefore !== undefined)
        return { news, more: false, ...(notBefore === undefined ? {} : { notBefore }) };
    }
    return { news, more: true };
  }

  private async save(
    lease: Lease,
    before: number,
    state: {
      cursor: string | undefined;
      news: number;
      notBefore: number | undefined;
      newsAt: number | undefined;
    },
  ): Promise<void> {
    const { deps, partner } = this.asking;
    const now = deps.now();
    const intervalMs = nextInterval(before, this.interval, state.news > 0 ? 'news' : 'quiet');
    const newsAt = state.news > 0 ? now : state.newsAt;
    await deps.ledger.savePolls(lease, [
      {
        partner: partner.id,
        subject: '',
        dueAt: Math.max(now + intervalMs, state.notBefore ?? 0),
        intervalMs,
        polledAt: now,
        ...(state.cursor === undefined ? {} : { cursor: state.cursor }),
        ...(newsAt === undefined ? {} : { newsAt }),
      },
    ]);
  }
}
