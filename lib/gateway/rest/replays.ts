/** Replays: a frozen selection, looked at first, then carried out. */
import { z } from 'zod';
import { type Replay, type ReplayItem, replayOutcomes } from '../../ledger/operators';
import { sha256Hex } from '../../model/keys';
import { maskPersonal } from '../../model/personal';
import { audit } from '../audit';
import type { Caller, GatewayDeps } from '../deps';
import { changesOf, forbiddenTo } from '../edits';
import { Problem } from '../problems';
import type { Reach } from '../reach';
import { permits, type Role } from '../roles';
import { type Answer, type Call, ok, route } from '../route';
import { replayItemView, replayView } from '../schemas/answers';
import { defined, idParams, instant, pageOf, pageRequest, pagingQuery, reason } from '../schemas/common';
import { payloadOf } from '../views/letter-payload';
import { withInstants } from '../views/wire';

/** More than this at once, or whatever a filter finds, is a bulk replay and a supervisor's business. */
export const maxOperatorItems = 20;

const word = z.string().trim().min(1).max(300).optional();
const filter = z
  .strictObject({ partner: word, reason: word, fingerprint: word, since: instant.optional() })
  .refine((value) => Object.values(value).some((item) => item !== undefined), {
    message: 'an empty filter would replay everything',
  });

export const replayRequest = z.strictObject({
  name: z.string().trim().min(1).max(200),
  reason,
  mode: z.enum(['preview', 'live']).describe('A preview sends and changes nothing'),
  select: z
    .union([
      z.strictObject({ ids: z.array(z.string().min(1).max(200)).min(1).max(10_000) }),
      z.strictObject({ filter }),
    ])
    .describe(
      'Ids of dead letters or runs, or a filter over open dead letters; frozen when the replay is created',
    ),
  edit: z
    .record(z.string().max(200), z.string())
    .optional()
    .describe('Corrected payload text by dead letter or run id'),
  canary: z.int().min(1).max(1000).optional().describe('Pause after this many'),
  ratePerSecond: z.number().min(0.1).max(1000).optional(),
  stopAfterFailures: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Pause by itself once so many items have failed'),
});

/**
 * What an edit replaced and what by, as hashes: the payloads themselves stand in the ledger, where a person's data can be made unreadable,
 * and not in the audit, where nothing ever is.
 */
async function payloadsBefore(deps: GatewayDeps, refs: string[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const ref of refs) {
    const letter = await deps.ledger.deadLetter(ref);
    const run = await deps.ledger.run(letter?.runId ?? letter?.ref ?? ref);
    const raw = run && (await deps.ledger.rawPayload(run.ref));
    if (raw) hashes[ref] = raw.contentHash;
  }
  return hashes;
}

function payloadsAfter(edits: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(edits).map(([ref, text]) => [ref, sha256Hex(text)]));
}

function roleFor(mode: string, bulk: boolean, edited: boolean): Role {
  return mode === 'live' && (bulk || edited) ? 'supervisor' : 'operator';
}

const noReplay = (id: string): Problem =>
  new Problem(404, 'no-such-replay', { detail: `There is no replay ${id}.` });

/**
 * Which fields each edit changes, for the audit: their values stand in the ledger alone.
 * @throws Problem 403 when the role may not change one of the fields
 */
async function demandEdits(edit: Record<string, string>, caller: Caller, deps: GatewayDeps) {
  const edited: { id: string; fields: string[] }[] = [];
  for (const [id, text] of Object.entries(edit)) {
    const letter = await deps.ledger.deadLetter(id);
    const raw = letter && (await payloadOf(deps.ledger, letter));
    const changes = raw ? changesOf(Buffer.from(raw.body).toString('utf8'), text) : [];
    const [forbidden] = forbiddenTo(caller.role, changes);
    if (forbidden)
      throw new Problem(403, 'field-not-editable', {
        detail: `${forbidden.path || 'The payload'} may be changed by the role ${forbidden.role} only.`,
      });
    edited.push({ id, fields: changes.map(({ path }) => path) });
  }
  return edited;
}

/** A limited caller plans and looks after replays of their own; what those select was within reach when they were created. */
const isOwn = (replay: Replay, caller: Caller, reach: Reach): boolean =>
  !reach.scope || replay.by === caller.actor;

/** Every item by itself, or a filter that names a partner within reach. */
async function seesSelection(
  deps: GatewayDeps,
  reach: Reach,
  select: z.infer<typeof replayRequest>['select'],
): Promise<boolean> {
  if ('filter' in select)
    return select.filter.partner !== undefined && reach.seesPartner(select.filter.partner);
  for (const id of select.ids) {
    const letter = await deps.ledger.deadLetter(id);
    const run = letter ? undefined : await deps.ledger.run(id);
    if (letter ? !(await reach.seesDeadLetter(letter)) : !run || !(await reach.seesRun(run))) return false;
  }
  return true;
}

const createReplay = route({
  id: 'createReplay',
  method: 'post',
  path: '/replays',
  role: 'operator',
  scope: 'item',
  tag: 'replays',
  summary: 'Plan a replay, or preview one',
  description: `A live replay waits for its start. More than ${maxOperatorItems} ids, a filter, or an edit in a live replay need the role supervisor.`,
  body: replayRequest,
  answer: {
    status: 201,
    description: 'The replay, planned or previewed',
    schema: z.looseObject({ replay: replayView, count: z.int() }),
  },
  roleOf: ({ body }) =>
    roleFor(
      body.mode,
      'filter' in body.select || body.select.ids.length > maxOperatorItems,
      body.edit !== undefined,
    ),
  async handle({ body, caller, deps, reach }) {
    if (reach.scope) reach.demand(await seesSelection(deps, reach, body.select));
    const { select, ...rest } = body;
    const selection =
      'ids' in select
        ? { ids: select.ids }
        : {
            filter: defined({
              ...select.filter,
              since: select.filter.since === undefined ? undefined : Date.parse(select.filter.since),
            }),
          };
    const edited = await demandEdits(body.edit ?? {}, caller, deps);
    const { replay, count } = await deps.replays.create({ ...defined(rest), ...selection, by: caller.actor });
    await audit(deps, {
      actor: caller.actor,
      action: 'replay.create',
      subject: `replay:${replay.id}`,
      reason: body.reason,
      before: { payloads: await payloadsBefore(deps, Object.keys(body.edit ?? {})) },
      after: { mode: body.mode, count, select, payloads: payloadsAfter(body.edit ?? {}), fields: edited },
      outcome: 'done',
    });
    return { status: 201, body: { replay: withInstants(replay), count } };
  },
});

const listReplays = route({
  id: 'listReplays',
  method: 'get',
  path: '/replays',
  role: 'viewer',
  scope: 'filtered',
  tag: 'replays',
  description: 'Callers who are limited to regions or partners see their own.',
  summary: 'Replays, newest first',
  query: pagingQuery,
  answer: { status: 200, description: 'A page of replays', schema: pageOf(replayView) },
  async handle({ query, caller, deps, reach }) {
    const page = await deps.ledger.replays(pageRequest(query), reach.scope && caller.actor);
    return ok({ ...page, items: page.items.map(withInstants) });
  },
});

const getReplay = route({
  id: 'getReplay',
  method: 'get',
  path: '/replays/:id',
  role: 'viewer',
  scope: 'item',
  tag: 'replays',
  summary: 'A replay with its progress and, a page at a time, its items',
  params: idParams,
  query: pagingQuery,
  answer: {
    status: 200,
    description: 'The replay',
    schema: z.looseObject({
      replay: replayView,
      progress: z.looseObject({
        total: z.int(),
        byOutcome: z.partialRecord(z.enum(replayOutcomes), z.int()),
      }),
      ...pageOf(replayItemView).shape,
    }),
  },
  refusals: [404],
  async handle({ params, query, caller, deps, reach }) {
    const replay = await deps.ledger.replay(params.id);
    if (!replay || !isOwn(replay, caller, reach)) throw noReplay(params.id);
    const page = await deps.ledger.replayItems(params.id, pageRequest(query));
    return ok({
      replay: withInstants(replay),
      progress: await progressOf(deps, params.id),
      ...page,
      items: page.items.map(wireItem),
    });
  },
});

/** The corrected payload is not shown again: it may hold what the first one was kept from the lists for. */
function wireItem({ edit: _edit, ...item }: ReplayItem): unknown {
  return withInstants(item);
}

async function progressOf(
  deps: GatewayDeps,
  id: string,
): Promise<{ total: number; byOutcome: Record<string, number> }> {
  const byOutcome: Record<string, number> = {};
  let total = 0;
  let cursor: string | null = null;
  do {
    const page: { items: ReplayItem[]; nextCursor: string | null } = await deps.ledger.replayItems(id, {
      limit: 200,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { outcome } of page.items) byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1;
    total += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { total, byOutcome };
}

const getReceipt = route({
  id: 'getReplayReceipt',
  method: 'get',
  path: '/replays/:id/receipt',
  role: 'viewer',
  tag: 'replays',
  summary: 'What a replay was for and what became of each item, to keep',
  description: 'One JSON document a line: the replay with its progress first, then its items in order.',
  params: idParams,
  answer: { status: 200, description: 'The receipt', mediaType: 'application/x-ndjson' },
  refusals: [404],
  async handle({ params, caller, deps }) {
    const replay = await deps.ledger.replay(params.id);
    if (!replay) throw noReplay(params.id);
    const head = { replay: withInstants(replay), progress: await progressOf(deps, params.id) };
    // A download is masked here: the router masks what is JSON.
    const shown = permits(caller.role, 'operator') ? (value: unknown) => value : maskPersonal;
    return {
      status: 200,
      mediaType: 'application/x-ndjson',
      bytes: receiptLines(deps, params.id, head, shown),
      headers: { 'content-disposition': `attachment; filename="replay-${params.id}.ndjson"` },
    };
  },
});

async function* receiptLines(
  deps: GatewayDeps,
  id: string,
  head: unknown,
  shown: (value: unknown) => unknown,
): AsyncGenerator<string> {
  yield `${JSON.stringify(shown(head))}\n`;
  let cursor: string | undefined;
  do {
    const page = await deps.ledger.replayItems(id, { limit: 200, ...(cursor !== undefined && { cursor }) });
    for (const item of page.items) yield `${JSON.stringify(shown(wireItem(item)))}\n`;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

type Move = 'start' | 'pause' | 'cancel';

function moveRoute(move: Move, summary: string) {
  return route({
    id: `${move}Replay`,
    method: 'post',
    path: `/replays/:id/${move}`,
    role: 'operator',
    scope: 'item',
    tag: 'replays',
    summary,
    params: idParams,
    body: z.strictObject({ reason }),
    answer: {
      status: 200,
      description: 'The replay afterwards',
      schema: z.looseObject({ replay: replayView }),
    },
    refusals: [404],
    // Stopping is never above anybody's limit.
    roleOf: (call) => (move === 'start' ? roleToStart(call) : 'operator'),
    handle: (call) => doMove(move, call.params.id, call.body.reason, call),
  });
}

async function roleToStart({ params, deps }: Call<{ id: string }>): Promise<Role> {
  const replay = await deps.ledger.replay(params.id);
  if (!replay) return 'operator';
  const page = await deps.ledger.replayItems(params.id, { limit: maxOperatorItems + 1 });
  return roleFor(
    replay.mode,
    isFiltered(replay) || page.items.length > maxOperatorItems,
    page.items.some((item) => item.edit !== undefined),
  );
}

function isFiltered({ selection }: Replay): boolean {
  return (
    typeof selection === 'object' &&
    selection !== null &&
    'filter' in selection &&
    selection.filter !== undefined &&
    selection.filter !== null
  );
}

async function doMove(
  move: Move,
  id: string,
  why: string,
  { caller, deps, reach }: Pick<Call, 'caller' | 'deps' | 'reach'>,
): Promise<Answer> {
  const before = await deps.ledger.replay(id);
  if (reach.scope) reach.demand(before !== undefined && isOwn(before, caller, reach));
  if (!before) throw noReplay(id);
  const moved = await deps.replays[move](id);
  const entry = {
    actor: caller.actor,
    action: `replay.${move}`,
    subject: `replay:${id}`,
    reason: why,
    before: { state: before.state },
  };
  const after = moved ? { after: { state: (await deps.ledger.replay(id))?.state } } : {};
  await audit(deps, { ...entry, ...after, outcome: moved ? 'done' : 'refused' });
  if (!moved) {
    const detail =
      before.mode === 'preview'
        ? 'A preview cannot be carried out. Create a live replay of the same selection.'
        : `A replay that is ${before.state} cannot ${move}.`;
    throw new Problem(409, 'wrong-state', { detail });
  }
  return ok({ replay: withInstants(await deps.ledger.replay(id)) });
}

export const replayRoutes = [
  createReplay,
  listReplays,
  getReplay,
  getReceipt,
  moveRoute('start', 'Carry a live replay out, or go on after a pause'),
  moveRoute('pause', 'Pause'),
  moveRoute('cancel', 'Cancel what is left'),
];
