/**
 * Fetching what changed since the last time from a system that keeps a time of last change. A window begins at a moment and is read by
 * ascending id, page by page; the next one begins where nothing can be missing any more: not later than a while before this one was
 * opened, for a change is stamped when its transaction begins and shows when it ends. What is fetched twice is dropped by its dedup key.
 */
import { z } from 'zod';

const cursor = z.object({
  /** Changes from here on, epoch milliseconds. */
  from: z.number(),
  /** Ids up to here have been read in this window; 0 opens a window. */
  afterId: z.number(),
  /** The newest change seen so far. */
  newest: z.number(),
  /** When the window was opened. */
  opened: z.number(),
});
export type ChangeWindow = z.infer<typeof cursor>;

/** How long a transaction may take, and clocks may differ. */
const overlapMs = 120_000;

export function openWindow(text: string | undefined, since: number, now: number): ChangeWindow {
  const kept = text === undefined ? undefined : cursor.safeParse(parsed(text));
  if (!kept?.success) return { from: since, afterId: 0, newest: since, opened: now };
  return kept.data.afterId === 0 ? { ...kept.data, opened: now } : kept.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The cursor after a page.
 * @param page ids and times of change, in the order of their ids
 * @param full true when the page was cut at its limit
 */
export function afterPage(
  window: ChangeWindow,
  page: readonly { id: number; changedAt: number }[],
  full: boolean,
): { cursor: string; more: boolean } {
  const newest = page.reduce((latest, { changedAt }) => Math.max(latest, changedAt), window.newest);
  const last = page.at(-1);
  if (full && last !== undefined)
    return { cursor: JSON.stringify({ ...window, newest, afterId: last.id }), more: true };
  // Some systems tell whole seconds of what they keep finer.
  const from = Math.max(window.from, Math.min(newest + 1000, window.opened - overlapMs));
  return { cursor: JSON.stringify({ from, afterId: 0, newest, opened: window.opened }), more: false };
}
