/** Tickets of Zendesk Support: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ */
import type { CallContext } from '../kit/connector';
import {
  type Desk,
  describeCase,
  type OpenCase,
  type Ticket,
  type TicketState,
  type Told,
} from '../kit/desk';
import { type Json, list, object, objects, text } from '../kit/text';
import { askZendesk } from './client';

const states: Readonly<Record<string, TicketState>> = {
  new: 'OPEN',
  open: 'OPEN',
  pending: 'PENDING',
  hold: 'PENDING',
  solved: 'RESOLVED',
  closed: 'CLOSED',
};

export function ticketOf(value: unknown): Ticket | undefined {
  const found = object(value);
  const id = text(found?.id, 40);
  const state = states[text(found?.status, 40) ?? ''];
  if (id === undefined || state === undefined) return undefined;
  const externalKey = text(found?.external_id, 255);
  return { id, state, ...(externalKey === undefined ? {} : { externalKey }) };
}

const pathOf = (id: string) => `/api/v2/tickets/${encodeURIComponent(id)}`;
const fromTicket = (body: Json) => ticketOf(body.ticket);

function newTicket({ externalKey, priority, subject, ...rest }: OpenCase, call: CallContext): Json {
  const { groupId, tags } = call.settings;
  const wanted = list(tags);
  return {
    subject,
    // An internal first comment: the requester is the agent of the token, and nobody is mailed.
    comment: { body: describeCase({ externalKey, priority, subject, ...rest }), public: false },
    external_id: externalKey,
    priority: priority.toLowerCase(),
    ...(groupId === undefined ? {} : { group_id: groupId }),
    ...(wanted.length === 0 ? {} : { tags: wanted }),
  };
}

/** Custom metadata of an update stands in its audit, unseen by people: our key finds the comment again. */
const metadataOf = (call: CallContext) => ({ reroute_key: call.idempotencyKey });

const update = (id: string, json: Json, call: CallContext) =>
  askZendesk(call, { method: 'PUT', path: pathOf(id), json: { ticket: json } }, fromTicket);

function note(body: string | undefined): Json {
  return body === undefined ? {} : { comment: { body, public: false } };
}

/** Audits by cursor, 100 a page; a ticket with more than 2000 of them is asked no further. */
async function auditOf(ticketId: string, call: CallContext): Promise<Told<Json | undefined>> {
  let after = '';
  for (let page = 0; page < 20; page++) {
    const path = `${pathOf(ticketId)}/audits?page[size]=100${after}`;
    const told = await askZendesk(call, { method: 'GET', path }, (body) => ({
      audits: objects(body.audits, 100),
      more: object(body.meta)?.has_more === true ? text(object(body.meta)?.after_cursor, 500) : undefined,
    }));
    if (!told.ok) return told;
    const ours = told.value.audits.find(
      ({ metadata }) => object(object(metadata)?.custom)?.reroute_key === call.idempotencyKey,
    );
    if (ours !== undefined || told.value.more === undefined) return { ok: true, value: ours };
    after = `&page[after]=${encodeURIComponent(told.value.more)}`;
  }
  return { ok: true, value: undefined };
}

/** The comment that an audit holds; the audit's own id where it does not show it. */
function commentOf(audit: Json | undefined): string | undefined {
  const event = objects(audit?.events, 200).find((one) => one?.type === 'Comment');
  return text(event?.id, 40) ?? text(audit?.id, 40);
}

export const desk: Desk = {
  async find(externalKey, call) {
    const path = `/api/v2/tickets?external_id=${encodeURIComponent(externalKey)}`;
    const found = await askZendesk(call, { method: 'GET', path }, (body) =>
      Array.isArray(body.tickets) ? list(body.tickets, 100) : undefined,
    );
    if (!found.ok) return found;
    const ours = found.value.map(ticketOf).find((one) => one?.externalKey === externalKey);
    return { ok: true, value: ours };
  },
  read: (id, call) => askZendesk(call, { method: 'GET', path: pathOf(id) }, fromTicket),
  open(wanted, call) {
    const headers = { 'idempotency-key': call.idempotencyKey };
    const json = { ticket: newTicket(wanted, call) };
    return askZendesk(call, { method: 'POST', path: '/api/v2/tickets', headers, json }, fromTicket);
  },
  comment({ ticketId, body, internal }, call) {
    const ticket = { comment: { body, public: !internal }, metadata: metadataOf(call) };
    return askZendesk(call, { method: 'PUT', path: pathOf(ticketId), json: { ticket } }, (answer) =>
      commentOf(object(answer.audit)),
    );
  },
  async findComment({ ticketId }, call) {
    const audit = await auditOf(ticketId, call);
    return audit.ok ? { ok: true, value: commentOf(audit.value) } : audit;
  },
  resolve: ({ id }, body, call) => update(id, { status: 'solved', ...note(body) }, call),
  /** `closed` is final: Zendesk wants a follow-up ticket then. */
  reopen: async ({ id, state }, body, call) =>
    state === 'CLOSED'
      ? {
          ok: false,
          refusal: {
            outcome: 'fatal',
            message: 'a closed ticket cannot be reopened; open a follow-up',
            vendorCode: 'closed',
          },
        }
      : update(id, { status: 'open', ...note(body) }, call),
};
