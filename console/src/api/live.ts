/** What a change makes old: queries are read again when something of theirs changed, in bursts once a second at the most. */
import type { QueryClient } from '@tanstack/react-query';
import { create } from './store';
import { openStream, type StreamEvent, type StreamState } from './stream';

export const streamState = create<StreamState>('connecting');

const everyMs = 1_000;

export function keepLive(client: QueryClient): () => void {
  const old = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    const keys = [...old];
    old.clear();
    for (const key of keys) void client.invalidateQueries({ queryKey: JSON.parse(key) as string[] });
  };
  const close = openStream((event) => {
    for (const key of keysOf(event)) old.add(JSON.stringify(key));
    timer ??= setTimeout(flush, everyMs);
  }, streamState.set);
  return () => {
    clearTimeout(timer);
    close();
  };
}

function keysOf({ event, data }: StreamEvent): string[][] {
  const ref = (data as { ref?: string }).ref ?? '';
  switch (event) {
    case 'case':
      return [['cases'], ['case', ref], ['overview']];
    case 'dead-letter':
      return [['dead-letters'], ['overview']];
    case 'replay':
      return [['replays'], ['replay', ref]];
    case 'alert':
      return [['alerts'], ['partners']];
    default:
      // `reset`: something was missed.
      return [[]];
  }
}
