/**
 * Live changes. The stream is read with `fetch`, because a browser's own EventSource can send no authorisation; after a break
 * it goes on after the last change that came.
 */
import { auth } from './auth';
import { urlOf } from './client';

export interface StreamEvent {
  id: string | undefined;
  event: string;
  data: unknown;
}

export type StreamState = 'connecting' | 'live' | 'polling' | 'offline';

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/** @returns what ends it */
export function openStream(
  onEvent: (event: StreamEvent) => void,
  onState: (state: StreamState) => void,
): () => void {
  const stop = new AbortController();
  void keepOpen(stop.signal, onEvent, onState);
  return () => stop.abort();
}

async function keepOpen(
  signal: AbortSignal,
  onEvent: (event: StreamEvent) => void,
  onState: (state: StreamState) => void,
): Promise<void> {
  let last: string | undefined;
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    onState('connecting');
    try {
      const headers = { ...auth.headers(), ...(last !== undefined && { 'last-event-id': last }) };
      const response = await fetch(urlOf('stream'), { headers, signal });
      if (response.status === 401) return auth.left();
      // Somebody limited to regions or partners hears no stream: the screens are read anew from time to time.
      if (response.status === 403) return poll(signal, onEvent, onState);
      if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`);
      onState('live');
      retryMs = firstRetryMs;
      for await (const event of eventsOf(response.body)) {
        last = event.id ?? last;
        onEvent(event);
      }
    } catch {
      // Offline, or the server restarts: the next try tells.
    }
    if (signal.aborted) return;
    onState('offline');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }
}

const pollMs = 20_000;

async function poll(
  signal: AbortSignal,
  onEvent: (event: StreamEvent) => void,
  onState: (state: StreamState) => void,
): Promise<void> {
  onState('polling');
  const timer = setInterval(() => onEvent({ id: undefined, event: 'reset', data: {} }), pollMs);
  signal.addEventListener('abort', () => clearInterval(timer));
}

async function* eventsOf(body: ReadableStream<BufferSource>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

function parse(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
  }
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { id: fields.get('id'), event: fields.get('event') ?? 'message', data: JSON.parse(data) };
}
