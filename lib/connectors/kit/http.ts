/** The outbound HTTP port that a connector is handed. Its two errors tell whether the request can have reached the partner. */
import { RetryableError, UnknownOutcomeError } from '../../model/errors';

export interface HttpRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'MERGE' | 'DELETE';
  /** Path and query below the partner's endpoint, starting with `/`; never another host. */
  path: string;
  /** Name of the setting that holds another base URL of this partner, e.g. `tokenEndpoint` where tokens come from a host of their own. */
  endpoint?: string;
  headers?: Record<string, string>;
  /** Sent as it is; objects go through `json`. */
  body?: string | Uint8Array;
  /** Sent as JSON with its content type. */
  json?: unknown;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; several values joined with `, `, but for `set-cookie`, joined with a line break. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  text(): string;
  /** Parsed body, `undefined` when it is empty or not JSON. */
  json(): unknown;
}

/** Sends one request within the partner's time limit. */
export type HttpPort = (request: HttpRequest) => Promise<HttpResponse>;

/** The request cannot have reached the partner (name look-up, refused connection): sending again is safe. */
export class HttpNotSentError extends RetryableError {
  constructor(message: string, cause?: unknown) {
    super('HTTP_NOT_SENT', message, { hint: 'It is tried again by itself.', cause });
  }
}

/** The request may have been carried out (time-out, connection lost before the answer). */
export class HttpAmbiguousError extends UnknownOutcomeError {
  constructor(message: string, cause?: unknown) {
    super('HTTP_NO_ANSWER', message, {
      hint: 'The outcome is looked up before anything is sent again.',
      cause,
    });
  }
}
