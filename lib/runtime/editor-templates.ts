/** What the Templates sidebar asks: `/reroute/templates...` on Node-RED's admin API, under its permissions. */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { ClonesApi } from '../flowfiles/clones/api';
import type { UpgradeRequest } from '../flowfiles/clones/clones';
import { conflictKinds } from '../flowfiles/merge/conflicts';
import { semver, slug } from '../flowfiles/templates/template';
import { isRerouteError } from '../model/errors';
import type { Admin } from './node-red';

const cloneBody = z.strictObject({ region: slug, parameters: z.record(z.string(), z.json()).default({}) });
const upgradeBody = z.strictObject({
  to: semver.optional(),
  take: z.record(z.string(), z.enum(['ours', 'theirs'])).default({}),
  parameters: z.record(z.string(), z.json()).default({}),
});
const clonePath = z.object({ region: slug, template: slug });

export function mountTemplates(
  { app, needs }: Admin,
  templates: ClonesApi,
  actorOf: (user: string) => string,
): void {
  const author = (request: Request): string => {
    const user = (request as Request & { user?: { username?: string } }).user?.username;
    return user === undefined ? 'editor' : actorOf(user);
  };
  const answer =
    (work: (request: Request) => Promise<unknown>): RequestHandler =>
    (request, response) =>
      void reply(response, () => work(request));
  const upgradeOf = (request: Request): UpgradeRequest => {
    const { to, take, parameters } = upgradeBody.parse(request.body ?? {});
    const choices = new Map(Object.entries(take));
    return { ...clonePath.parse(request.params), to, parameters, choices, author: author(request) };
  };
  app.get(
    '/reroute/templates',
    needs('reroute.read'),
    answer(async () => ({ ...(await templates.list()), clones: await templates.status(), conflictKinds })),
  );
  app.post(
    '/reroute/templates/:template/clone',
    needs('reroute.write'),
    answer((request) => {
      const { region, parameters } = cloneBody.parse(request.body);
      const template = slug.parse(request.params.template);
      return templates.clone({ template, region, parameters, author: author(request) });
    }),
  );
  app.post(
    '/reroute/clones/:region/:template/preview',
    needs('reroute.read'),
    answer((request) => templates.preview(upgradeOf(request))),
  );
  app.post(
    '/reroute/clones/:region/:template/upgrade',
    needs('reroute.write'),
    answer((request) => templates.upgrade(upgradeOf(request))),
  );
}

async function reply(response: Response, work: () => Promise<unknown>): Promise<void> {
  try {
    response.json(await work());
  } catch (error) {
    const known = isRerouteError(error);
    const message =
      error instanceof z.ZodError
        ? error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
        : error instanceof Error
          ? error.message
          : String(error);
    response.status(known ? 422 : error instanceof z.ZodError ? 400 : 500).json({
      code: known ? error.code : 'BAD_REQUEST',
      message,
      ...(known && error.hint ? { hint: error.hint } : {}),
    });
  }
}
