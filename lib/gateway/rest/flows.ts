/** Flows: what runs, its versions, deploying, rolling back, tags. */
import { z } from 'zod';
import { parseNodes } from '../../flowfiles/files';
import type { FlowDeployment, FlowVersionRecord } from '../../ledger/flows';
import { Problem } from '../problems';
import { ok, route } from '../route';
import { defined, idParams, pageOf, pageRequest, pagingQuery, reason } from '../schemas/common';
import {
  deployAnswer,
  deployCheck,
  deployment,
  finding,
  flowContent,
  flowFile,
  flowFiles,
  flowId,
  flowListItem,
  flowTag,
  flowTagFiles,
  flowVersion,
  nodeChange,
  note,
  semver,
  tagName,
  watchSeconds,
} from '../schemas/flows';
import { toInstant } from '../views/wire';

/** Largest set of flow files in one request, bytes. */
export const maxFlowBytes = 16 * 1024 * 1024;

const noFlow = (id: string): Problem =>
  new Problem(404, 'no-such-flow', { detail: `There is no flow ${id}. \`GET /flows\` lists them.` });

/** Times at the top only: what is inside belongs to the flow. */
const withTime = <T extends { at: number }>(value: T) => ({ ...value, at: toInstant(value.at) });

function wireDeployment(value: FlowDeployment) {
  const { endedAt } = value;
  return { ...withTime(value), ...(endedAt === undefined ? {} : { endedAt: toInstant(endedAt) }) };
}

function wireContent({ content, ...item }: FlowVersionRecord) {
  const removed = content === undefined;
  return { ...withTime(item), removed, nodes: removed ? [] : parseNodes(content) };
}

const files = z.array(flowFile).min(1).max(1_000);
const replaceAll = z.boolean().default(false).describe('Flows that are not among the files are removed');
const rev = z.string().min(1).max(200).describe('`rev` of what the caller believes to run');

export const flowRoutes = [
  route({
    id: 'listFlows',
    method: 'get',
    path: '/flows',
    role: 'viewer',
    tag: 'flows',
    summary: 'Every deployed flow at its version, with findings of the checks; `rev` is what a deploy names',
    answer: {
      status: 200,
      description: 'All flows',
      schema: z.object({
        items: z.array(flowListItem),
        nextCursor: z.null(),
        total: z.int(),
        rev: z.string(),
      }),
    },
    async handle({ deps }) {
      const { rev: now, items } = await deps.flows.list();
      return ok({ items: items.map(withTime), nextCursor: null, total: items.length, rev: now });
    },
  }),
  route({
    id: 'listFlowVersions',
    method: 'get',
    path: '/flows/:id/versions',
    role: 'viewer',
    tag: 'flows',
    summary: 'History of a flow, newest first',
    params: idParams,
    query: pagingQuery,
    answer: { status: 200, description: 'A page of versions', schema: pageOf(flowVersion) },
    refusals: [404],
    async handle({ params, query, deps }) {
      const page = await deps.flows.history(params.id, pageRequest(query));
      if (!page) throw noFlow(params.id);
      return ok({ ...page, items: page.items.map(withTime) });
    },
  }),
  route({
    id: 'getFlowVersion',
    method: 'get',
    path: '/flows/:id/versions/:version',
    role: 'viewer',
    tag: 'flows',
    summary: 'One version with its nodes',
    params: z.strictObject({ id: flowId, version: semver }),
    answer: { status: 200, description: 'The version', schema: flowContent },
    refusals: [404],
    async handle({ params, deps }) {
      const found = await deps.flows.version(params.id, params.version);
      if (!found)
        throw new Problem(404, 'no-such-version', {
          detail: `The flow ${params.id} has no version ${params.version}.`,
        });
      return ok(wireContent(found));
    },
  }),
  route({
    id: 'diffFlowVersions',
    method: 'get',
    path: '/flows/:id/diff',
    role: 'viewer',
    tag: 'flows',
    summary: 'What changed between two versions, node by node',
    params: idParams,
    query: z.strictObject({ from: semver, to: semver }),
    answer: {
      status: 200,
      description: 'The changes',
      schema: z.object({ flowId: z.string(), from: semver, to: semver, nodes: z.array(nodeChange) }),
    },
    refusals: [422],
    async handle({ params: { id }, query: { from, to }, deps }) {
      return ok({ flowId: id, from, to, nodes: await deps.flows.compare(id, from, to) });
    },
  }),
  route({
    id: 'rollBackFlow',
    method: 'post',
    path: '/flows/:id/rollback',
    role: 'analyst',
    tag: 'flows',
    summary: 'Put an earlier version back, as a new one',
    description:
      'A stale `expectedVersion` is answered with 409 and the difference to what runs, in `conflict`.',
    params: idParams,
    body: z.strictObject({
      version: semver.optional().describe('The one before the latest when absent'),
      expectedVersion: semver.describe('The latest version as the caller knows it'),
      reason,
      watchSeconds: watchSeconds.default(0),
    }),
    answer: { status: 200, description: 'The deployment', schema: deployAnswer },
    refusals: [404, 409, 422],
    async handle({ params, body, caller, deps }) {
      if (!(await deps.flows.history(params.id, { limit: 1 }))) throw noFlow(params.id);
      const { watchSeconds: seconds, version, ...rest } = body;
      const done = await deps.flows.rollback({
        ...rest,
        ...defined({ version }),
        flowId: params.id,
        author: caller.actor,
        watchMs: seconds * 1000,
      });
      return ok({ deployment: done === undefined ? null : wireDeployment(done) });
    },
  }),
  route({
    id: 'getFlowFiles',
    method: 'get',
    path: '/flow-files',
    role: 'viewer',
    tag: 'flows',
    summary: 'What runs, file by file',
    answer: { status: 200, description: 'The files', schema: flowFiles },
    handle: async ({ deps }) => ok(await deps.flows.files()),
  }),
  route({
    id: 'getFlowFindings',
    method: 'get',
    path: '/flow-findings',
    role: 'viewer',
    tag: 'flows',
    summary: 'What the checks say about what runs',
    answer: { status: 200, description: 'The findings', schema: z.object({ items: z.array(finding) }) },
    handle: async ({ deps }) => ok({ items: await deps.flows.findings() }),
  }),
  route({
    id: 'checkFlows',
    method: 'post',
    path: '/flow-checks',
    role: 'analyst',
    tag: 'flows',
    maxBody: maxFlowBytes,
    summary: 'What a deploy would change and what speaks against it; nothing is deployed',
    body: z.strictObject({ rev, files, replaceAll }),
    answer: { status: 200, description: 'Difference, findings, test results', schema: deployCheck },
    refusals: [409, 422],
    handle: async ({ body, deps }) =>
      ok(await deps.flows.check({ ...body, files: body.files.map(plainFile) })),
  }),
  route({
    id: 'deployFlows',
    method: 'post',
    path: '/flow-deployments',
    role: 'analyst',
    tag: 'flows',
    maxBody: maxFlowBytes,
    summary: 'Deploy flow files: checked, tested, drained, watched, and taken back when unhealthy',
    description:
      'A stale `rev` is answered with 409 and the difference to what runs, in `conflict`; findings stand in `findings`.',
    body: z.strictObject({
      rev,
      files,
      replaceAll,
      message: note.default(''),
      watchSeconds: watchSeconds.default(30),
      source: z.enum(['api', 'cli']).default('api'),
    }),
    answer: {
      status: 200,
      description: 'The deployment; `GET /flow-deployments/:id` tells how it goes on',
      schema: deployAnswer,
    },
    refusals: [409, 422],
    async handle({ body, caller, deps }) {
      const { watchSeconds: seconds, ...rest } = body;
      const done = await deps.flows.deploy({
        ...rest,
        files: body.files.map(plainFile),
        author: caller.actor,
        watchMs: seconds * 1000,
      });
      return ok({ deployment: done === undefined ? null : wireDeployment(done) });
    },
  }),
  route({
    id: 'getFlowDeployment',
    method: 'get',
    path: '/flow-deployments/:id',
    role: 'viewer',
    tag: 'flows',
    summary: 'How a deployment went',
    params: idParams,
    answer: { status: 200, description: 'The deployment', schema: deployment },
    refusals: [404],
    async handle({ params, deps }) {
      const found = await deps.flows.deployment(params.id);
      if (!found)
        throw new Problem(404, 'no-such-deployment', { detail: `There is no deployment ${params.id}.` });
      return ok(wireDeployment(found));
    },
  }),
  route({
    id: 'listFlowTags',
    method: 'get',
    path: '/flow-tags',
    role: 'viewer',
    tag: 'flows',
    summary: 'Named sets of versions, newest first',
    query: pagingQuery,
    answer: { status: 200, description: 'A page of tags', schema: pageOf(flowTag) },
    async handle({ query, deps }) {
      const page = await deps.flows.tags(pageRequest(query));
      return ok({ ...page, items: page.items.map(withTime) });
    },
  }),
  route({
    id: 'getFlowTag',
    method: 'get',
    path: '/flow-tags/:id',
    role: 'viewer',
    tag: 'flows',
    summary: 'A tag with the files of its versions: what another runtime is given',
    params: idParams,
    answer: { status: 200, description: 'The tag', schema: flowTagFiles },
    refusals: [404],
    async handle({ params, deps }) {
      const found = await deps.flows.tagged(params.id);
      if (!found) throw new Problem(404, 'no-such-tag', { detail: `There is no tag ${params.id}.` });
      return ok({ tag: withTime(found.tag), files: found.files });
    },
  }),
  route({
    id: 'createFlowTag',
    method: 'post',
    path: '/flow-tags',
    role: 'analyst',
    tag: 'flows',
    summary: 'Name the versions that run now; a tag never moves',
    body: z.strictObject({
      name: tagName,
      message: note.default(''),
      flows: z.array(flowId).min(1).max(1_000).optional().describe('All flows when absent'),
    }),
    answer: { status: 201, description: 'The tag', schema: flowTag },
    refusals: [422],
    async handle({ body, caller, deps }) {
      const tag = await deps.flows.tag({ ...defined(body), author: caller.actor });
      return { status: 201, body: withTime(tag) };
    },
  }),
];

function plainFile({ path, nodes }: z.output<typeof flowFile>) {
  return { path, nodes: parseNodes(nodes) };
}
