/** Calls of a running runtime's API by the commands that need one. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { FatalError } from '../model/errors';

export interface RuntimeOptions {
  target: string;
  token?: string;
}

export function runtimeOptions(command: Command): Command {
  return command
    .option('--target <url>', 'the runtime', `http://127.0.0.1:${process.env.PORT ?? 1880}`)
    .option('--token <token>', 'API token; REROUTE_ADMIN_TOKEN when absent', process.env.REROUTE_ADMIN_TOKEN);
}

/** @throws FatalError REFUSED with the runtime's own words */
export async function call(
  options: RuntimeOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${options.target}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok)
    throw new FatalError(
      'REFUSED',
      `${method} ${path}: ${String(answer.detail ?? answer.title ?? response.status)}`,
    );
  return answer;
}
