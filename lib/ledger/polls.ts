/** What is fetched from partners: how far each question has come, and when it is asked again. */
import type { Lease } from './port';

export interface Poll {
  partner: string;
  /** Empty for the partner's feed or folder; else the tracking number that is asked for. */
  subject: string;
  /** Key of the shipment that the number was last seen on. */
  shipment?: string;
  /** As the connector's poller answered it, opaque. */
  cursor?: string;
  /** When it is asked next. */
  dueAt: number;
  /** The interval that led to it. */
  intervalMs: number;
  polledAt?: number;
  /** When it last brought something new. */
  newsAt?: number;
  /** When a fact about the number was last recorded. */
  seenAt?: number;
}

export interface PollStore {
  poll(partner: string, subject: string): Promise<Poll | undefined>;
  /** Numbers that are due, the most overdue first; never the feed. */
  duePolls(partner: string, request: { now: number; limit: number }): Promise<Poll[]>;
  /** Numbers under way, and when the next one is due. */
  pollCount(partner: string): Promise<{ numbers: number; dueAt?: number }>;
  /** Under a lease, so that of two processes one alone moves a cursor. `forget` ends the asking. */
  savePolls(
    lease: Lease,
    polls: (Poll | { partner: string; subject: string; forget: true })[],
  ): Promise<void>;
  /**
   * Reads facts in the order of their recording, from where the last call stopped, and begins to ask for the tracking numbers
   * of these carriers, whoever named them, and for those of any carrier that the partner named itself. One that is asked for already keeps its cursor and its time, and learns when it was seen and on which shipment.
   * @param since facts recorded before are passed over, epoch milliseconds
   * @param limit facts read by one call; `read` below it says that there are no more for now
   */
  enrolNumbers(
    lease: Lease,
    request: { partner: string; carriers: string[]; since: number; limit: number; now: number },
  ): Promise<{ read: number; enrolled: number }>;
}
