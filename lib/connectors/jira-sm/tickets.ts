/** Issues of a service project as tickets, by the platform's REST API. */
import type { CallContext } from '../kit/connector';
import {
  type Desk,
  describeCase,
  markOf,
  type NewComment,
  type OpenCase,
  searchableKey,
  type Ticket,
  type Told,
} from '../kit/desk';
import { quietly } from '../kit/outbound';
import { type Json, list, object, objects, text } from '../kit/text';
import { askJira, documentOf } from './client';

/** A label holds no blanks, and 255 characters at most. */
const labelOf = (externalKey: string) => searchableKey(externalKey, /^[\w.:#/-]{1,200}$/);

const priorities = { LOW: 'Low', NORMAL: 'Medium', HIGH: 'High', URGENT: 'Highest' } as const;
const fields = 'status,labels';
const issuePath = (id: string) => `/rest/api/3/issue/${encodeURIComponent(id)}`;

/** The category is what every workflow shares: `new`, `indeterminate` or `done`. Jira has no state that is pending or final by its name. */
function ticketOf(issue: Json): Ticket | undefined {
  const id = text(issue.key, 100);
  const status = object(object(issue.fields)?.status);
  const category = text(object(status?.statusCategory)?.key, 40);
  if (id === undefined || category === undefined) return undefined;
  return { id, number: id, state: category === 'done' ? 'RESOLVED' : 'OPEN' };
}

const withKey = (ticket: Ticket | undefined, externalKey: string) =>
  ticket === undefined ? undefined : { ...ticket, externalKey };

const read = (id: string, call: CallContext) =>
  askJira(call, { method: 'GET', path: `${issuePath(id)}?fields=${fields}` }, ticketOf, false);

function newIssue(wanted: OpenCase, { settings }: CallContext): Json {
  const issue = {
    project: { key: settings.project },
    issuetype: { name: settings.issueType },
    summary: wanted.subject.replace(/\s+/g, ' ').slice(0, 255),
    description: documentOf(describeCase(wanted)),
    labels: [labelOf(wanted.externalKey)],
  };
  return settings.withPriority === false
    ? issue
    : { ...issue, priority: { name: priorities[wanted.priority] } };
}

interface Transition {
  id: string;
  name: string;
  done: boolean;
}

function transitionsOf(body: Json): Transition[] | undefined {
  if (!Array.isArray(body.transitions)) return undefined;
  return list(body.transitions, 200).flatMap((item) => {
    const id = text(object(item)?.id, 40);
    const name = text(object(item)?.name, 200) ?? '';
    const category = object(object(object(item)?.to)?.statusCategory)?.key;
    return id === undefined ? [] : [{ id, name, done: category === 'done' }];
  });
}

/** The transition the settings name, else the first that leads to where we want; which ones there are depends on the issue. */
async function move(
  ticket: Ticket,
  done: boolean,
  note: string | undefined,
  call: CallContext,
): Promise<Told<Ticket>> {
  const path = `${issuePath(ticket.id)}/transitions`;
  const offered = await askJira(call, { method: 'GET', path }, transitionsOf, false);
  if (!offered.ok) return offered;
  const name = text(done ? call.settings.resolveTransition : call.settings.reopenTransition, 100);
  const chosen = offered.value.find((one) => (name === undefined ? one.done === done : one.name === name));
  if (chosen === undefined) return noWay(done);
  const resolution = done ? text(call.settings.resolution, 100) : undefined;
  const json = {
    transition: { id: chosen.id },
    ...(resolution === undefined ? {} : { fields: { resolution: { name: resolution } } }),
  };
  const moved = await askJira(call, { method: 'POST', path, json }, () => true, true);
  if (!moved.ok) return moved;
  if (note !== undefined)
    await quietly(() => addComment({ ticketId: ticket.id, body: note, internal: true }, call));
  const shown = await quietly(() => read(ticket.id, call));
  // The transition is done; a read that fails only leaves it unconfirmed.
  return shown?.ok ? shown : { ok: true, value: ticket };
}

function noWay(done: boolean): Told<never> {
  const message = `the workflow offers no transition to ${done ? 'a done' : 'an open'} status; name it in the settings`;
  return { ok: false, refusal: { outcome: 'fatal', message, vendorCode: 'NO_TRANSITION' } };
}

/** `sd.public.comment` is the property by which a service project hides a comment from the customer. */
function addComment({ ticketId, body, internal }: NewComment, call: CallContext): Promise<Told<string>> {
  const json = {
    body: documentOf(`${body}\n\n[${markOf(call)}]`),
    properties: [{ key: 'sd.public.comment', value: { internal } }],
  };
  return askJira(
    call,
    { method: 'POST', path: `${issuePath(ticketId)}/comment`, json },
    (made) => text(made.id, 40),
    true,
  );
}

export const desk: Desk = {
  async find(externalKey, call) {
    const label = labelOf(externalKey);
    const json = {
      jql: `project = "${text(call.settings.project, 50)}" AND labels = "${label}" ORDER BY created ASC`,
      fields: fields.split(','),
      maxResults: 10,
    };
    const request = { method: 'POST' as const, path: '/rest/api/3/search/jql', json };
    const found = await askJira(
      call,
      request,
      (body) => (Array.isArray(body.issues) ? objects(body.issues, 100) : undefined),
      false,
    );
    if (!found.ok) return found;
    const ours = found.value.find((issue) => list(object(issue.fields)?.labels, 500).includes(label));
    return { ok: true, value: ours === undefined ? undefined : withKey(ticketOf(ours), externalKey) };
  },
  read,
  async open(wanted, call) {
    const request = {
      method: 'POST' as const,
      path: '/rest/api/3/issue',
      json: { fields: newIssue(wanted, call) },
    };
    const made = await askJira(call, request, (body) => text(body.key, 100), true);
    if (!made.ok) return made;
    // The answer to a create shows only its key; a new issue stands in the first status of its workflow.
    return {
      ok: true,
      value: { id: made.value, number: made.value, state: 'OPEN', externalKey: wanted.externalKey },
    };
  },
  comment: addComment,
  async findComment({ ticketId }, call) {
    const mark = `[${markOf(call)}]`;
    const path = `${issuePath(ticketId)}/comment?orderBy=-created&maxResults=100`;
    const found = await askJira(
      call,
      { method: 'GET', path },
      (body) => (Array.isArray(body.comments) ? list(body.comments, 100) : undefined),
      false,
    );
    if (!found.ok) return found;
    const ours = found.value.find((item) => JSON.stringify(object(item)?.body ?? '').includes(mark));
    return { ok: true, value: text(object(ours)?.id, 40) };
  },
  resolve: (ticket, note, call) => move(ticket, true, note, call),
  reopen: (ticket, note, call) => move(ticket, false, note, call),
};
