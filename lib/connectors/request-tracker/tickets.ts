/** Tickets of Request Tracker by REST 2.0: https://docs.bestpractical.com/rt/latest/RT/REST2.html */
import type { CallContext } from '../kit/connector';
import {
  type Desk,
  describeCase,
  markOf,
  type OpenCase,
  type Ticket,
  type TicketState,
  type Told,
} from '../kit/desk';
import { quietly } from '../kit/outbound';
import { type Json, list, object, objects, text } from '../kit/text';
import { askRt } from './client';

const base = '/REST/2.0';
const ticketPath = (id: string) => `${base}/ticket/${encodeURIComponent(id)}`;
const keyField = ({ settings }: CallContext) => text(settings.keyField, 200) ?? 'Reroute key';

function stateOf(status: string, { settings }: CallContext): TicketState {
  if (status === settings.resolvedStatus) return 'RESOLVED';
  if (list(settings.closedStatuses).includes(status)) return 'CLOSED';
  return list(settings.pendingStatuses).includes(status) ? 'PENDING' : 'OPEN';
}

/** A list of `{ name, values }` in RT 5 and 6, an object by name in the extension before them. */
function keyIn(record: Json, call: CallContext): string | undefined {
  const name = keyField(call);
  const field = objects(record.CustomFields, 500).find((one) => one?.name === name);
  return text(list(field?.values, 10)[0] ?? object(record.CustomFields)?.[name], 200);
}

function ticketOf(value: unknown, call: CallContext): Ticket | undefined {
  const record = object(value);
  const id = text(record?.id, 20);
  const status = text(record?.Status, 50);
  if (record === undefined || id === undefined || status === undefined) return undefined;
  const externalKey = keyIn(record, call);
  return {
    id,
    number: id,
    state: stateOf(status, call),
    ...(externalKey === undefined ? {} : { externalKey }),
  };
}

const read = (id: string, call: CallContext) =>
  askRt(call, { method: 'GET', path: ticketPath(id) }, (body) => ticketOf(body, call));

/** RT's priorities are numbers of the site's own meaning; 0 to 100 with these marks is what it ships with. */
const priorities = { LOW: 0, NORMAL: 50, HIGH: 80, URGENT: 100 } as const;

function newTicket(wanted: OpenCase, call: CallContext): Json {
  const { queue, requestor } = call.settings;
  return {
    Queue: queue,
    Subject: wanted.subject.replace(/\s+/g, ' ').slice(0, 200),
    Content: describeCase(wanted),
    ContentType: 'text/plain',
    Priority: priorities[wanted.priority],
    CustomFields: { [keyField(call)]: wanted.externalKey },
    ...(requestor === undefined ? {} : { Requestor: requestor }),
  };
}

/**
 * `PUT` answers 200 with sentences for people whether it worked or not ("Permission Denied" among them), in the user's language: what it
 * did is read back.
 */
async function setStatus(
  ticket: Ticket,
  status: unknown,
  note: string | undefined,
  call: CallContext,
): Promise<Told<Ticket>> {
  const request = { method: 'PUT' as const, path: ticketPath(ticket.id), json: { Status: status } };
  const said = await askRt(call, request, (body) => (Array.isArray(body) ? list(body, 50) : undefined));
  if (!said.ok) return said;
  const shown = await quietly(() => read(ticket.id, call));
  if (!shown?.ok) return { ok: true, value: ticket };
  if (shown.value.state === ticket.state) {
    const message = said.value.map((words) => text(words, 200)).join('; ') || 'the status did not change';
    return { ok: false, refusal: { outcome: 'fatal', message } };
  }
  if (note !== undefined)
    await quietly(() => write({ ticketId: ticket.id, body: note, internal: true }, call));
  return shown;
}

/** `comment` is for staff, `correspond` goes to the requestor too. */
function write(
  { ticketId, body, internal }: { ticketId: string; body: string; internal: boolean },
  call: CallContext,
) {
  const json = { Subject: `Update (${markOf(call)})`, Content: body, ContentType: 'text/plain' };
  const path = `${ticketPath(ticketId)}/${internal ? 'comment' : 'correspond'}`;
  return askRt(call, { method: 'POST', path, json }, (answer) =>
    Array.isArray(answer) ? markOf(call) : undefined,
  );
}

/** Our mark is the message's subject, so that a search over the ticket's messages finds it; newest first, 1000 at most. */
async function messageOf(ticketId: string, call: CallContext): Promise<Told<string | undefined>> {
  for (let page = 1; page <= 10; page++) {
    const query = `fields=Subject&orderby=id&order=DESC&per_page=100&page=${page}`;
    const told = await askRt(
      call,
      { method: 'GET', path: `${ticketPath(ticketId)}/attachments?${query}` },
      pageOf,
    );
    if (!told.ok) return told;
    const ours = told.value.items.some((item) => text(object(item)?.Subject, 300)?.includes(markOf(call)));
    if (ours) return { ok: true, value: markOf(call) };
    if (page >= told.value.pages) break;
  }
  return { ok: true, value: undefined };
}

function pageOf(body: unknown) {
  const found = object(body);
  if (!Array.isArray(found?.items)) return undefined;
  const pages = typeof found.pages === 'number' ? found.pages : 1;
  return { items: list(found.items, 100), pages };
}

/** TicketSQL quotes with apostrophes; a backslash escapes one. */
const quoted = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;

export const desk: Desk = {
  async find(externalKey, call) {
    const query = `'CF.{${keyField(call)}}' = ${quoted(externalKey)}`;
    const search = new URLSearchParams({
      query,
      fields: 'Status,CustomFields',
      orderby: 'id',
      per_page: '10',
    });
    const found = await askRt(call, { method: 'GET', path: `${base}/tickets?${search}` }, pageOf);
    if (!found.ok) return found;
    const ours = found.value.items
      .map((item) => ticketOf(item, call))
      .find((one) => one?.externalKey === externalKey);
    return { ok: true, value: ours };
  },
  read,
  async open(wanted, call) {
    const request = { method: 'POST' as const, path: `${base}/ticket`, json: newTicket(wanted, call) };
    const made = await askRt(call, request, (body) => text(object(body)?.id, 20));
    if (!made.ok) return made;
    // RT ignores a custom field that the queue does not have: what it kept is read back.
    const shown = await quietly(() => read(made.value, call));
    return shown?.ok ? shown : { ok: true, value: { id: made.value, number: made.value, state: 'OPEN' } };
  },
  comment: write,
  findComment: ({ ticketId }, call) => messageOf(ticketId, call),
  resolve: (ticket, note, call) => setStatus(ticket, call.settings.resolvedStatus, note, call),
  reopen: (ticket, note, call) => setStatus(ticket, call.settings.openStatus, note, call),
};
