/** Reads one request body within a size, a time and a share of the memory. */
import type { IncomingMessage } from 'node:http';

export type BodyResult =
  | { kind: 'read'; body: Uint8Array }
  | { kind: 'too-large' }
  | { kind: 'timeout' }
  /** Too many bodies are held in memory already. */
  | { kind: 'crowded' }
  /** The sender hung up: there is nobody to answer. */
  | { kind: 'gone' };

export interface BodyBudget {
  /** Bytes of unfinished and unanswered bodies, over all connections. */
  held: number;
  readonly limit: number;
}

const empty = new Uint8Array(0);

/**
 * Calls back once. A body that declares more than `maxBytes` is refused before a byte is read, one that turns out longer
 * as soon as it does; then the request stands paused and the caller decides what becomes of the connection. The bytes stay
 * in the budget until the caller takes them out.
 */
export function readBody(
  request: IncomingMessage,
  limits: { maxBytes: number; timeoutMs: number; budget: BodyBudget },
  callback: (result: BodyResult) => void,
): void {
  const { maxBytes, budget } = limits;
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) {
    callback({ kind: 'too-large' });
    return;
  }
  if (budget.held + declared > budget.limit) {
    callback({ kind: 'crowded' });
    return;
  }

  const chunks: Buffer[] = [];
  let size = 0;
  const finish = (result: BodyResult): void => {
    clearTimeout(timer);
    request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
    if (result.kind !== 'read') {
      budget.held -= size;
      request.pause();
    }
    callback(result);
  };
  const onData = (chunk: Buffer): void => {
    size += chunk.byteLength;
    budget.held += chunk.byteLength;
    if (size > maxBytes) finish({ kind: 'too-large' });
    else if (budget.held > budget.limit) finish({ kind: 'crowded' });
    else chunks.push(chunk);
  };
  const onEnd = (): void => {
    const [first] = chunks;
    finish({ kind: 'read', body: chunks.length > 1 ? Buffer.concat(chunks, size) : (first ?? empty) });
  };
  const onGone = (): void => finish({ kind: 'gone' });
  const timer = setTimeout(() => finish({ kind: 'timeout' }), limits.timeoutMs);
  request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
}

const lingerMs = 1_000;
const lingerBytes = 256 * 1024;

/**
 * Answers a request whose body was not read to its end, then closes the connection. For a moment what still arrives is thrown
 * away, because closing on unread bytes resets the connection and the sender would never see the answer (the "lingering
 * close" of web servers); after a second or 256 KiB it is closed all the same.
 */
export function answerAndClose(request: IncomingMessage, write: () => void, end: () => void): void {
  let dropped = 0;
  const close = (): void => {
    clearTimeout(timer);
    request.off('data', onData).off('end', close).off('close', close).off('error', close);
    end();
    request.socket.destroySoon();
  };
  const onData = (chunk: Buffer): void => {
    dropped += chunk.byteLength;
    if (dropped > lingerBytes) close();
  };
  const timer = setTimeout(close, lingerMs);
  write();
  if (request.destroyed || request.complete) {
    close();
    return;
  }
  request.on('data', onData).on('end', close).on('close', close).on('error', close);
  request.resume();
}
