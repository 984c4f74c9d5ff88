/**
 * One HTTP request and its whole answer, straight on undici's dispatcher: no stream and no abort signal is built for an answer that is
 * read to its end anyway.
 */
import type { Dispatcher } from 'undici';
import { FatalError } from '../../model/errors';

export interface Outgoing {
  origin: string;
  /** Path and query. */
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
}

export interface Incoming {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

export interface ExchangeLimits {
  /** Queue to last byte, milliseconds. */
  timeoutMs: number;
  /** Largest answer in bytes. */
  maxResponseBytes: number;
}

/** The time was over. `started` tells whether the request may have left. */
export class ExchangeTimeout extends Error {
  constructor(
    timeoutMs: number,
    readonly started: boolean,
  ) {
    super(`no complete answer within ${timeoutMs} ms`);
    this.name = 'ExchangeTimeout';
  }
}

/**
 * @throws FatalError ANSWER_TOO_LARGE, ExchangeTimeout, or undici's own error
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Outgoing,
  limits: ExchangeLimits,
): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(limits, resolve, reject);
    try {
      dispatcher.dispatch(request as Dispatcher.DispatchOptions, handler);
    } catch (error) {
      // A header or path that HTTP does not allow.
      handler.fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private status = 0;
  private headers: Incoming['headers'] = {};
  private controller: Dispatcher.DispatchController | undefined;
  private over = false;

  constructor(
    private readonly limits: ExchangeLimits,
    private readonly resolve: (answer: Incoming) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.timer = setTimeout(() => this.expire(), limits.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Its time was over while it waited for a connection: it must not leave any more.
    if (this.over) controller.abort(new Error('expired before it was sent'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Incoming['headers'],
  ): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.byteLength;
    if (this.size <= this.limits.maxResponseBytes) {
      this.chunks.push(chunk);
      return;
    }
    const { maxResponseBytes } = this.limits;
    const error = new FatalError(
      'ANSWER_TOO_LARGE',
      `the partner's answer is larger than ${maxResponseBytes} bytes`,
    );
    this.fail(error);
    controller.abort(error);
  }

  onResponseEnd(): void {
    if (this.over) return;
    this.end();
    const [first] = this.chunks;
    const body = this.chunks.length === 1 && first ? first : Buffer.concat(this.chunks, this.size);
    this.resolve({ status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  private expire(): void {
    const error = new ExchangeTimeout(this.limits.timeoutMs, this.controller !== undefined);
    this.fail(error);
    this.controller?.abort(error);
  }

  fail(error: Error): void {
    if (this.over) return;
    this.end();
    this.reject(error);
  }

  private end(): void {
    this.over = true;
    clearTimeout(this.timer);
  }
}
