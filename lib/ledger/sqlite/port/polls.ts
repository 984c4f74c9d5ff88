/** PollStore over the channels. */
import type { Poll, PollStore } from '../../polls';
import type { PollInput, PollRow } from '../sql/polls';
import { type Channels, present } from './codec';

export function pollStore({ writer }: Channels): PollStore {
  return {
    async poll(partner, subject) {
      const row = await writer.call('poll', partner, subject);
      return row && toPoll(row);
    },
    duePolls: async (partner, request) => (await writer.call('duePolls', partner, request)).map(toPoll),
    async pollCount(partner) {
      const { numbers, due_at } = await writer.call('pollCount', partner);
      return due_at === null ? { numbers } : { numbers, dueAt: due_at };
    },
    savePolls: (lease, polls) => writer.call('savePolls', lease, polls.map(toInput)),
    enrolNumbers: (lease, request) => writer.call('enrolNumbers', lease, request),
  };
}

function toInput(poll: Parameters<PollStore['savePolls']>[1][number]): PollInput {
  if ('forget' in poll) return poll;
  return {
    partner: poll.partner,
    subject: poll.subject,
    shipment: poll.shipment,
    cursor: poll.cursor,
    due_at: poll.dueAt,
    interval_ms: poll.intervalMs,
    polled_at: poll.polledAt,
    news_at: poll.newsAt,
    seen_at: poll.seenAt,
  };
}

function toPoll(row: PollRow): Poll {
  return present<Poll>({
    partner: row.partner,
    subject: row.subject,
    shipment: row.shipment,
    cursor: row.cursor,
    dueAt: row.due_at,
    intervalMs: row.interval_ms,
    polledAt: row.polled_at,
    newsAt: row.news_at,
    seenAt: row.seen_at,
  });
}
