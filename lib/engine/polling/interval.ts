/** How often a partner is asked: soon after news, ever more seldom while there is none. */

export interface Interval {
  minMs: number;
  maxMs: number;
}

/** What a question brought. */
export type Outcome = 'news' | 'quiet' | 'failed';

/** The interval after this outcome; `before` is 0 for the first one. A failure waits twice as long, like silence. */
export function nextInterval(before: number, { minMs, maxMs }: Interval, outcome: Outcome): number {
  if (outcome === 'news' || before <= 0) return Math.min(minMs, maxMs);
  return Math.min(maxMs, Math.max(minMs, before * 2));
}
