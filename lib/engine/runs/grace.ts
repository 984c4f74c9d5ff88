/**
 * Nodes with an old-style handler never complete a message. A node like Switch works through a queue of its own: a message whose turn
 * has not come is still in hand. So it is kept until the node has sent something of this run, or has sent nothing at all for a while; a
 * second at most, or four times the longest silence after which the node was ever seen to send. Measured by the process's own clock: the
 * engine's stands still in a flow test.
 */
import type { Held } from './active-run';

/** The longest that an old-style node keeps a message in hand while it is busy with others. */
const longestGraceMs = 1_000;

export class OldStyleGrace {
  /** When each node last sent, and how long after its handler had returned it was ever seen to send (ms). */
  private readonly nodes = new Map<string, { sentAt: number; lateness: number }>();

  constructor(private readonly quietMs: number) {}

  /** A node has sent a message of some run. */
  sent(nodeId: string): void {
    const seen = this.nodes.get(nodeId);
    if (seen) seen.sentAt = performance.now();
  }

  /** The handler has returned: calls `giveBack` when the message counts as done. */
  start(held: Held, giveBack: () => void): void {
    const { nodeId } = held;
    const returnedAt = performance.now();
    const seen = this.nodes.get(nodeId) ?? { sentAt: 0, lateness: 0 };
    this.nodes.set(nodeId, seen);
    const look = () => {
      const now = performance.now();
      if (held.sent > 0) {
        seen.lateness = Math.max(seen.lateness, now - returnedAt);
        giveBack();
        return;
      }
      const silent = now - Math.max(returnedAt, seen.sentAt);
      const ceiling = Math.max(longestGraceMs, 4 * seen.lateness);
      if (silent >= Math.max(this.quietMs, seen.lateness) || now - returnedAt >= ceiling) giveBack();
      else setTimeout(look, this.quietMs).unref();
    };
    if (held.sent > 0) giveBack();
    else setTimeout(look, this.quietMs).unref();
  }
}
