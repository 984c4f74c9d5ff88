/** Answers of our own paths on Node-RED's admin API: what an editor's sidebar shows when something is refused. */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { FlowsStaleError } from '../flowfiles/errors';
import { isRerouteError } from '../model/errors';

export function answering(work: (request: Request) => Promise<unknown>): RequestHandler {
  return (request, response) => void reply(response, () => work(request));
}

/** Who is signed in to the editor, as the audit names actors. */
export function authorOf(request: Request, actorOf: (user: string) => string): string {
  const { user } = request as Request & { user?: { username?: string } };
  return user?.username === undefined ? 'editor' : actorOf(user.username);
}

async function reply(response: Response, work: () => Promise<unknown>): Promise<void> {
  try {
    response.json(await work());
  } catch (error) {
    const known = isRerouteError(error);
    const status =
      error instanceof FlowsStaleError ? 409 : known ? 422 : error instanceof z.ZodError ? 400 : 500;
    response.status(status).json({
      code: known ? error.code : 'BAD_REQUEST',
      message: messageOf(error),
      ...(known && error.hint ? { hint: error.hint } : {}),
    });
  }
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}
