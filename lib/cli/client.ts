/** Calls of a running runtime's API by the commands that need one. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { FatalError } from '../model/errors';
import { developmentToken } from '../runtime/environment';

export interface RuntimeOptions {
  target: string;
  token?: string;
}

export function runtimeOptions(command: Command): Command {
  return command
    .option('--target <url>', 'the runtime', `http://127.0.0.1:${process.env.PORT ?? 1880}`)
    .option('--token <token>', 'API token; REROUTE_ADMIN_TOKEN when absent', defaultToken());
}

/** On a machine of one's own the runtime has the token that it prints at its start. */
export function defaultToken(): string | undefined {
  const { REROUTE_ADMIN_TOKEN: own, NODE_ENV: mode } = process.env;
  return own ?? (mode === 'production' ? undefined : developmentToken);
}

/** The runtime says no, in its own words; `answer` is its whole problem document. */
export class RefusedError extends FatalError {
  constructor(
    method: string,
    path: string,
    readonly status: number,
    readonly answer: Record<string, unknown>,
  ) {
    super(
      'REFUSED',
      `${method} ${path}: ${String(answer.detail ?? answer.title ?? status)}${placesOf(answer)}`,
    );
  }
}

/** Which of the sent values are wrong, where the runtime names them. */
function placesOf({ errors }: Record<string, unknown>): string {
  if (!Array.isArray(errors)) return '';
  const lines = (errors as { at?: unknown; message?: unknown }[]).map(
    ({ at, message }) => `${String(at ?? '')}: ${String(message ?? '')}`,
  );
  return lines.length === 0 ? '' : ` ${lines.join('; ')}`;
}

/** @throws FatalError UNREACHABLE, REFUSED with the runtime's own words */
export async function call(
  options: RuntimeOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await send(`${options.target}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new RefusedError(method, path, response.status, answer);
  return answer;
}

async function send(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw new FatalError('UNREACHABLE', `nobody answers at ${new URL(url).origin}`, {
      hint: 'Start the runtime, or name it with --target.',
      cause,
    });
  }
}
