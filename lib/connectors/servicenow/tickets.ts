/** Incidents and customer service cases as tickets, by the Table API. */
import type { CallContext } from '../kit/connector';
import {
  type Desk,
  describeCase,
  markOf,
  type NewComment,
  type OpenCase,
  searchableKey,
  type Ticket,
  type TicketState,
} from '../kit/desk';
import { type Json, text } from '../kit/text';
import { oneRecord, records } from './client';

interface Table {
  /** State numbers of the base system; every one that is not named is OPEN. */
  states: Readonly<Record<string, TicketState>>;
  resolved: string;
  reopened: string;
  /** Field that holds the resolution code. */
  closeCode: string;
}

const tables: Readonly<Record<string, Table>> = {
  incident: {
    states: { '3': 'PENDING', '6': 'RESOLVED', '7': 'CLOSED', '8': 'CLOSED' },
    resolved: '6',
    reopened: '2',
    closeCode: 'close_code',
  },
  sn_customerservice_case: {
    states: { '18': 'PENDING', '6': 'RESOLVED', '3': 'CLOSED', '7': 'CLOSED' },
    resolved: '6',
    reopened: '10',
    closeCode: 'resolution_code',
  },
};

const nameOf = (call: CallContext) => text(call.settings.table, 40) ?? 'incident';
const tableOf = (call: CallContext) => tables[nameOf(call)] ?? (tables.incident as Table);
const fields = 'sys_id,number,state,correlation_id';

/** `^` joins conditions of an encoded query and `javascript:` is run by it, so only plain keys are searched as they are. */
const keyOf = (externalKey: string) => searchableKey(externalKey, /^(?!javascript)[\w .:#/-]{1,100}$/i);

function ticketOf(record: Json, call: CallContext): Ticket | undefined {
  const id = text(record.sys_id, 32);
  const state = text(record.state, 40);
  if (id === undefined || state === undefined) return undefined;
  const number = text(record.number, 40);
  const externalKey = text(record.correlation_id, 100);
  return {
    id,
    state: tableOf(call).states[state] ?? 'OPEN',
    ...(number === undefined ? {} : { number }),
    ...(externalKey === undefined ? {} : { externalKey }),
  };
}

const pathOf = (call: CallContext, id: string) =>
  `/api/now/table/${nameOf(call)}/${encodeURIComponent(id)}?sysparm_fields=${fields}`;

function change(call: CallContext, id: string, json: Json) {
  return oneRecord(call, { method: 'PATCH', path: pathOf(call, id), json }, (record) =>
    ticketOf(record, call),
  );
}

/** Priority is computed from impact and urgency by the base system: 1 high, 2 medium, 3 low. */
const weights = { LOW: '3', NORMAL: '2', HIGH: '1', URGENT: '1' } as const;
const priorities = { LOW: '4', NORMAL: '3', HIGH: '2', URGENT: '1' } as const;

function newRecord(wanted: OpenCase, call: CallContext): Json {
  const { assignmentGroup, caller } = call.settings;
  const weight = weights[wanted.priority];
  const common = {
    short_description: wanted.subject.slice(0, 160),
    description: describeCase(wanted),
    correlation_id: keyOf(wanted.externalKey),
    correlation_display: 'reroute',
    ...(assignmentGroup === undefined ? {} : { assignment_group: assignmentGroup }),
  };
  if (nameOf(call) !== 'incident') return { ...common, priority: priorities[wanted.priority] };
  const impact = wanted.priority === 'URGENT' ? '1' : '2';
  return { ...common, urgency: weight, impact, ...(caller === undefined ? {} : { caller_id: caller }) };
}

const journalOf = ({ internal }: NewComment) => (internal ? 'work_notes' : 'comments');

export const desk: Desk = {
  async find(externalKey, call) {
    const key = keyOf(externalKey);
    const query = { sysparm_query: `correlation_id=${key}^ORDERBYsys_created_on`, sysparm_fields: fields };
    const found = await records(call, nameOf(call), { ...query, sysparm_limit: '10' });
    if (!found.ok) return found;
    const ours = found.value.find((record) => record.correlation_id === key);
    return { ok: true, value: ours === undefined ? undefined : withKey(ticketOf(ours, call), externalKey) };
  },
  read: (id, call) =>
    oneRecord(call, { method: 'GET', path: pathOf(call, id) }, (record) => ticketOf(record, call)),
  open(wanted, call) {
    const path = `/api/now/table/${nameOf(call)}?sysparm_fields=${fields}`;
    return oneRecord(call, { method: 'POST', path, json: newRecord(wanted, call) }, (record) =>
      record.correlation_id === keyOf(wanted.externalKey)
        ? withKey(ticketOf(record, call), wanted.externalKey)
        : ticketOf(record, call),
    );
  },
  async comment(wanted, call) {
    const body = `${wanted.body}\n[${markOf(call)}]`;
    const made = await change(call, wanted.ticketId, { [journalOf(wanted)]: body });
    // The answer shows the record, not the entry of its journal: the mark is what the entry is found by.
    return made.ok ? { ok: true, value: markOf(call) } : made;
  },
  async findComment(wanted, call) {
    const mark = `[${markOf(call)}]`;
    const found = await records(call, 'sys_journal_field', {
      sysparm_query: `element_id=${wanted.ticketId.replace(/\W/g, '')}^element=${journalOf(wanted)}^valueLIKE${mark}`,
      sysparm_fields: 'sys_id,value',
      sysparm_limit: '10',
    });
    if (!found.ok) return found;
    const ours = found.value.some(({ value }) => typeof value === 'string' && value.includes(mark));
    return { ok: true, value: ours ? markOf(call) : undefined };
  },
  resolve(ticket, note, call) {
    const { closeCode } = call.settings;
    const { resolved, closeCode: field } = tableOf(call);
    return change(call, ticket.id, {
      state: resolved,
      close_notes: note ?? 'Resolved.',
      ...(closeCode === undefined ? {} : { [field]: closeCode }),
    });
  },
  reopen: (ticket, note, call) =>
    change(call, ticket.id, {
      state: tableOf(call).reopened,
      ...(note === undefined ? {} : { work_notes: note }),
    }),
};

/** What the desk holds may be a hash of our key; the flow gets the key it asked for. */
function withKey(ticket: Ticket | undefined, externalKey: string): Ticket | undefined {
  return ticket === undefined ? undefined : { ...ticket, externalKey };
}
