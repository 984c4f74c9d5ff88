/** Problem details (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457): the one shape of every refusal. */
import type { ServerResponse } from 'node:http';
import { z } from 'zod';

export const problemDetails = z.strictObject({
  type: z.string().describe('`urn:reroute:problem:<code>`: stable, meant for programs'),
  title: z.string().describe('What kind of problem it is'),
  status: z.int(),
  detail: z.string().optional().describe('What happened this time, and what to do next'),
  instance: z.string().optional().describe('Path of the request'),
  code: z.string().describe('The last part of `type`'),
  errors: z
    .array(
      z.strictObject({
        at: z.string().describe('JSON Pointer into body, query or headers'),
        message: z.string(),
      }),
    )
    .optional(),
  conflict: z
    .looseObject({
      rev: z.string().optional(),
      version: z.string().optional(),
      diff: z.array(z.unknown()),
    })
    .optional()
    .describe('What runs now, and the difference from it to what was sent'),
  findings: z.array(z.unknown()).optional().describe('What the checks of flow files say'),
});
export type ProblemDetails = z.infer<typeof problemDetails>;

export interface ProblemExtras {
  detail?: string;
  instance?: string;
  errors?: { at: string; message: string }[];
  headers?: Record<string, string>;
  conflict?: { rev?: string; version?: string; diff: unknown[] };
  findings?: unknown[];
}

const titles: Record<number, string> = {
  400: 'The request is not well formed',
  401: 'Authentication is missing or wrong',
  403: 'The role does not allow this',
  404: 'Not found',
  405: 'The method is not offered here',
  408: 'The request took too long',
  410: 'Gone for good',
  409: 'Conflict with the current state',
  413: 'The body is too large',
  415: 'The media type is not offered here',
  422: 'Understood, but refused',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available at the moment',
};

export function titleOf(status: number): string {
  return titles[status] ?? 'Problem';
}

/** A refusal on its way out. Only the gateway throws and catches it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(extras.detail ?? titleOf(status));
    this.name = 'Problem';
  }
}

export function problemBody(status: number, code: string, extras: ProblemExtras = {}): ProblemDetails {
  return {
    type: `urn:reroute:problem:${code}`,
    title: titleOf(status),
    status,
    ...(extras.detail === undefined ? {} : { detail: extras.detail }),
    ...(extras.instance === undefined ? {} : { instance: extras.instance }),
    code,
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
    ...(extras.conflict === undefined ? {} : { conflict: extras.conflict }),
    ...(extras.findings === undefined ? {} : { findings: extras.findings }),
  };
}

export const problemMediaType = 'application/problem+json';

/** Writes a problem onto a plain response and ends it; a HEAD request gets the head alone. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  extras: ProblemExtras = {},
): void {
  const body = JSON.stringify(problemBody(status, code, extras));
  response.writeHead(status, {
    'content-type': problemMediaType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...extras.headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
