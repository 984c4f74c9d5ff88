/** Templates of flows, their clones for regions, and upgrades of these. */
import { z } from 'zod';
import { cloneRecord } from '../../flowfiles/clones/record';
import { semver, slug } from '../../flowfiles/templates/template';
import { isRerouteError } from '../../model/errors';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { choices, cloneStatus, parameters, templateView, upgradeView } from '../schemas/templates';

const notFound: ReadonlySet<string> = new Set(['TEMPLATE_UNKNOWN', 'CLONE_UNKNOWN', 'REGION_UNKNOWN']);

/** What is named in the path and is not there is a 404, not a refusal. */
async function found<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isRerouteError(error) || !notFound.has(error.code)) throw error;
    const detail = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
    throw new Problem(404, error.code.toLowerCase().replaceAll('_', '-'), { detail });
  }
}

const cloneId = z
  .string()
  .max(121)
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'is REGION.TEMPLATE')
  .transform((id, context) => {
    const [region, template] = id.split('.').map((part) => slug.safeParse(part).data);
    if (region !== undefined && template !== undefined) return { region, template };
    context.addIssue({ code: 'custom', message: 'is REGION.TEMPLATE' });
    return z.NEVER;
  })
  .describe('`REGION.TEMPLATE`, for example `emea-de.short-pick`');

const whole = <T extends z.ZodType>(item: T) => ({
  items: z.array(item),
  nextCursor: z.null(),
  total: z.int(),
});
const list = (items: readonly unknown[]) => ({ items, nextCursor: null, total: items.length });

export const templateRoutes = [
  route({
    id: 'listTemplates',
    method: 'get',
    path: '/templates',
    role: 'analyst',
    tag: 'templates',
    summary: 'Every template at its newest version, with its parameters and clones',
    answer: {
      status: 200,
      description: 'All templates, and the regions that there are',
      schema: z.object({
        ...whole(templateView),
        regions: z.array(z.object({ id: slug, name: z.string() })),
      }),
    },
    async handle({ deps }) {
      const { templates, regions } = await deps.templates.list();
      return ok({ ...list(templates), regions });
    },
  }),
  route({
    id: 'cloneTemplate',
    method: 'post',
    path: '/templates/:id/clone',
    role: 'analyst',
    tag: 'templates',
    summary: 'Copy a template into a region and deploy it there',
    params: z.strictObject({ id: slug }),
    body: z.strictObject({ region: slug, version: semver.optional(), parameters: parameters.default({}) }),
    answer: { status: 201, description: 'The clone', schema: cloneRecord },
    refusals: [404],
    async handle({ params, body, caller, deps }) {
      const { region, version, parameters: values } = body;
      const request = { template: params.id, region, version, parameters: values, author: caller.actor };
      return { status: 201, body: await found(deps.templates.clone(request)) };
    },
  }),
  route({
    id: 'listClones',
    method: 'get',
    path: '/clones',
    role: 'analyst',
    tag: 'templates',
    summary: 'Every regional clone, how it differs from its template, and whether there is a newer version',
    answer: { status: 200, description: 'All clones', schema: z.object(whole(cloneStatus)) },
    async handle({ deps }) {
      return ok(list(await deps.templates.status()));
    },
  }),
  route({
    id: 'previewUpgrade',
    method: 'get',
    path: '/clones/:id/upgrade',
    role: 'analyst',
    tag: 'templates',
    summary: 'What an upgrade would change, its conflicts, and what the tests say; nothing is written',
    params: z.strictObject({ id: cloneId }),
    query: z.strictObject({
      to: semver.optional().describe('Version of the template; the newest when absent'),
    }),
    answer: { status: 200, description: 'The preview', schema: upgradeView },
    refusals: [404, 422],
    async handle({ params, query, caller, deps }) {
      const request = { ...params.id, to: query.to, author: caller.actor };
      return ok(await found(deps.templates.preview(request)));
    },
  }),
  route({
    id: 'upgradeClone',
    method: 'post',
    path: '/clones/:id/upgrade',
    role: 'analyst',
    tag: 'templates',
    summary: 'Merge a newer version of the template into a clone and deploy it',
    description:
      'Refused while a conflict waits for a choice, and while a test of the merged flow fails. With `dryRun` it answers what these choices would do, and writes nothing.',
    params: z.strictObject({ id: cloneId }),
    body: z.strictObject({
      to: semver.optional(),
      take: choices.default({}),
      parameters: parameters.default({}),
      dryRun: z.boolean().default(false),
    }),
    answer: { status: 200, description: 'What was done, or would be', schema: upgradeView },
    refusals: [404],
    async handle({ params, body, caller, deps }) {
      const { to, take, parameters: values, dryRun } = body;
      const request = {
        ...{ ...params.id, to, parameters: values, author: caller.actor },
        choices: new Map(Object.entries(take)),
      };
      return ok(await found(dryRun ? deps.templates.preview(request) : deps.templates.upgrade(request)));
    },
  }),
];
