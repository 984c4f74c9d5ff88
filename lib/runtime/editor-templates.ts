/** What the Templates sidebar asks: `/reroute/templates...` on Node-RED's admin API, under its permissions. */
import type { Request } from 'express';
import { z } from 'zod';
import type { ClonesApi } from '../flowfiles/clones/api';
import type { UpgradeRequest } from '../flowfiles/clones/clones';
import { conflictKinds } from '../flowfiles/merge/conflicts';
import { semver, slug } from '../flowfiles/templates/template';
import { answering, authorOf } from './editor-answer';
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
  const author = (request: Request): string => authorOf(request, actorOf);
  const upgradeOf = (request: Request): UpgradeRequest => {
    const { to, take, parameters } = upgradeBody.parse(request.body ?? {});
    const choices = new Map(Object.entries(take));
    return { ...clonePath.parse(request.params), to, parameters, choices, author: author(request) };
  };
  app.get(
    '/reroute/templates',
    needs('reroute.read'),
    answering(async () => ({ ...(await templates.list()), clones: await templates.status(), conflictKinds })),
  );
  app.post(
    '/reroute/templates/:template/clone',
    needs('reroute.write'),
    answering((request) => {
      const { region, parameters } = cloneBody.parse(request.body);
      const template = slug.parse(request.params.template);
      return templates.clone({ template, region, parameters, author: author(request) });
    }),
  );
  app.post(
    '/reroute/clones/:region/:template/preview',
    needs('reroute.read'),
    answering((request) => templates.preview(upgradeOf(request))),
  );
  app.post(
    '/reroute/clones/:region/:template/upgrade',
    needs('reroute.write'),
    answering((request) => templates.upgrade(upgradeOf(request))),
  );
}
