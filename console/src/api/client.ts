/** Calls of the REST API. Below any path prefix: the API stands beside the console's own folder. */
import type { ProblemDetails } from '../../../lib/gateway/problems';
import { auth } from './auth';

const base = new URL('../api/v1/', document.baseURI);

/** A refusal of the API, with what it said. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: ProblemDetails | undefined,
  ) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
  }
}

export type Query = Record<string, string | number | undefined>;

/** @param path below `/api/v1/`, its parts encoded */
export function urlOf(path: string, query: Query = {}): URL {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await send(urlOf(path, query), signal === undefined ? {} : { signal });
  return (await response.json()) as T;
}

/** @param key the same key sends the same thing once, however often it is tried */
export async function post<T>(path: string, body: unknown, key: string = crypto.randomUUID()): Promise<T> {
  const response = await send(urlOf(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

/** Text as it is: payloads, exports. */
export async function getText(path: string, query?: Query): Promise<{ text: string; mediaType: string }> {
  const response = await send(urlOf(path, query), {});
  return { text: await response.text(), mediaType: response.headers.get('content-type') ?? '' };
}

export async function download(path: string, fileName: string, query?: Query): Promise<void> {
  const response = await send(urlOf(path, query), {});
  saveFile(await response.blob(), fileName);
}

export function saveFile(content: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = fileName;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function send(url: URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, {
    ...init,
    headers: { accept: 'application/json, */*', ...auth.headers(), ...init.headers },
  });
  if (response.ok) return response;
  if (response.status === 401) auth.left();
  throw new ApiError(response.status, await problemOf(response));
}

async function problemOf(response: Response): Promise<ProblemDetails | undefined> {
  try {
    return (await response.json()) as ProblemDetails;
  } catch {
    return undefined;
  }
}
