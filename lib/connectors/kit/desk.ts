/**
 * Service desks: every one opens, finds, comments, resolves and reopens tickets, and only the calls differ. A connector says how its desk
 * does each (`Desk`), and gets the operations of `contracts/desk.ts`: a ticket is searched for before it is opened, a change that got lost is
 * looked for before it is made again.
 */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import { sha256Hex } from '../../model/keys';
import { type Refusal, refusalOf, unreadable, type VendorError } from './answers';
import {
  type CallContext,
  type LookUpResult,
  type Operation,
  type OperationResult,
  operation,
} from './connector';
import * as contracts from './contracts/desk';
import type { HttpResponse } from './http';
import { reading } from './outbound';

const openInput = contracts.openCase.input;
const commentInput = contracts.comment.input;
const stateInput = contracts.resolve.input;
const findInput = contracts.findCase.input;
export type OpenCase = z.infer<typeof openInput>;
export type NewComment = z.infer<typeof commentInput>;
type StateChange = z.infer<typeof stateInput>;

const ticket = contracts.openCase.output.extend({
  number: z.string().optional().describe('What people call the ticket by'),
});
export type Ticket = z.infer<typeof ticket>;
export type TicketState = Ticket['state'];
const comment = contracts.comment.output;

/** What a call brought: its value, or why there is none. */
export type Told<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export interface Desk {
  /** Searches by our key; the key of what is found is compared again, for some desks ignore a filter they do not understand. */
  find(externalKey: string, call: CallContext): Promise<Told<Ticket | undefined>>;
  read(ticketId: string, call: CallContext): Promise<Told<Ticket>>;
  open(wanted: OpenCase, call: CallContext): Promise<Told<Ticket>>;
  comment(wanted: NewComment, call: CallContext): Promise<Told<string>>;
  /** Id of the comment that an earlier call under the same idempotency key has left. */
  findComment(wanted: NewComment, call: CallContext): Promise<Told<string | undefined>>;
  resolve(ticket: Ticket, note: string | undefined, call: CallContext): Promise<Told<Ticket>>;
  reopen(ticket: Ticket, note: string | undefined, call: CallContext): Promise<Told<Ticket>>;
}

export type Declared = Pick<Operation, 'rateLimitHeaders' | 'idempotencyHeader'>;

/** openCase, comment, resolve, reopen and findCase over one desk. `opening` is declared for openCase alone. */
export function deskOperations(desk: Desk, declared: Declared = {}, opening: Declared = {}): Operation[] {
  return [
    openOperation(desk, { ...declared, ...opening }),
    commentOperation(desk, declared),
    stateOperation(desk, declared, 'resolve'),
    stateOperation(desk, declared, 'reopen'),
    findOperation(desk, declared),
  ];
}

const isDone = (state: TicketState) => state === 'RESOLVED' || state === 'CLOSED';
const reached = { resolve: isDone, reopen: (state: TicketState) => !isDone(state) };

function openOperation(desk: Desk, declared: Declared): Operation {
  return operation<OpenCase, Ticket>({
    id: 'openCase',
    title: 'Open service case',
    description: 'Opens a ticket in the service desk, or joins the one that exists under the same key.',
    kind: 'desk',
    safety: 'reconcilable',
    ...declared,
    input: openInput as unknown as z.ZodType<OpenCase>,
    output: ticket,
    target: ({ externalKey }) => `tickets/${externalKey}`,
    async send(wanted, call) {
      const existing = await desk.find(wanted.externalKey, call);
      if (!existing.ok) return existing.refusal;
      if (existing.value !== undefined) return shown(existing.value);
      const made = await desk.open(wanted, call);
      if (!made.ok) return made.refusal;
      // A desk that did not keep our key would not find the ticket again.
      return shown(made.value, made.value.externalKey === wanted.externalKey);
    },
    async lookUp({ externalKey }, call) {
      return foundTicket(foundOrThrow(await desk.find(externalKey, call)));
    },
    undo: {
      operation: 'resolve',
      input: (_wanted, made) => ({ ticketId: made.id, note: 'Opened in error and taken back.' }),
    },
  });
}

function commentOperation(desk: Desk, declared: Declared): Operation {
  const shownComment = (id: string, ticketId: string) => ({
    output: { id, ticketId },
    confirmed: true,
    reference: id,
  });
  return operation<NewComment, z.infer<typeof comment>>({
    id: 'comment',
    title: 'Comment',
    description: 'Adds a comment to a ticket, once.',
    kind: 'desk',
    safety: 'reconcilable',
    ...declared,
    input: commentInput as unknown as z.ZodType<NewComment>,
    output: comment,
    target: ({ ticketId }) => `tickets/${ticketId}/comments`,
    async send(wanted, call) {
      const made = await desk.comment(wanted, call);
      return made.ok ? { outcome: 'ok', ...shownComment(made.value, wanted.ticketId) } : made.refusal;
    },
    async lookUp(wanted, call) {
      const id = foundOrThrow(await desk.findComment(wanted, call));
      return id === undefined ? { found: false } : { found: true, ...shownComment(id, wanted.ticketId) };
    },
  });
}

/** The state is read before it is changed: desks refuse to resolve what is resolved, and a second note helps nobody. */
function stateOperation(desk: Desk, declared: Declared, id: 'resolve' | 'reopen'): Operation {
  const there = reached[id];
  return operation<StateChange, Ticket>({
    id,
    title: id === 'resolve' ? 'Resolve ticket' : 'Reopen ticket',
    description:
      id === 'resolve' ? 'Resolves a ticket in the service desk.' : 'Opens a resolved ticket again.',
    kind: 'desk',
    safety: 'reconcilable',
    ...declared,
    input: stateInput as unknown as z.ZodType<StateChange>,
    output: ticket,
    target: ({ ticketId }) => `tickets/${ticketId}/${id}`,
    async send({ ticketId, note }, call) {
      const held = await desk.read(ticketId, call);
      if (!held.ok) return held.refusal;
      if (there(held.value.state)) return shown(held.value);
      const changed = await desk[id](held.value, note, call);
      return changed.ok ? shown(changed.value, there(changed.value.state)) : changed.refusal;
    },
    async lookUp({ ticketId }, call) {
      const held = foundOrThrow(await desk.read(ticketId, call));
      return foundTicket(held !== undefined && there(held.state) ? held : undefined);
    },
    undo: {
      operation: id === 'resolve' ? 'reopen' : 'resolve',
      input: ({ ticketId }) => ({ ticketId, note: 'Taken back.' }),
    },
  });
}

function findOperation(desk: Desk, declared: Declared): Operation {
  return operation<z.infer<typeof findInput>, { ticket: Ticket | null }>({
    id: 'findCase',
    title: 'Find service case',
    description: 'Finds the ticket that was opened under a key.',
    kind: 'desk',
    safety: 'read',
    ...declared,
    input: findInput,
    output: z.object({ ticket: ticket.nullable() }),
    target: ({ externalKey }) => `tickets/${externalKey}`,
    async send({ externalKey }, call) {
      const found = await desk.find(externalKey, call);
      if (!found.ok) return found.refusal;
      return { outcome: 'ok', output: { ticket: found.value ?? null }, confirmed: true };
    },
  });
}

function shown(output: Ticket, confirmed = true): OperationResult<Ticket> {
  return { outcome: 'ok', output, confirmed, reference: output.number ?? output.id };
}

function foundTicket(output: Ticket | undefined): LookUpResult<Ticket> {
  if (output === undefined) return { found: false };
  return { found: true, output, confirmed: true, reference: output.number ?? output.id };
}

/** For look-ups: what the desk does not know is not there; a desk that did not answer says nothing about it. */
function foundOrThrow<T>(told: Told<T>): T | undefined {
  if (told.ok) return told.value;
  const { refusal } = told;
  if (refusal.outcome === 'business') return undefined;
  if (refusal.outcome === 'fatal')
    throw new FatalError('LOOK_UP_REFUSED', refusal.message, {
      hint: 'Correct the partner settings, then replay.',
    });
  throw new RetryableError('LOOK_UP_FAILED', refusal.message, {
    hint: 'The look-up is tried again by itself.',
  });
}

export interface DeskCall<T> {
  vendor: string;
  /** True when the request changes something. */
  write: boolean;
  send(): Promise<HttpResponse>;
  /** The vendor's own error in a body that refuses. */
  error(response: HttpResponse): VendorError | undefined;
  /** The value of a 2xx body; undefined when the body says something else. */
  value(response: HttpResponse): T | undefined;
}

/** One call of a desk, sorted: a 404 is a ticket nobody knows, every other 4xx a fault of configuration. */
export async function askDesk<T>(call: CallContext, wanted: DeskCall<T>): Promise<Told<T>> {
  const { write, vendor } = wanted;
  const response = write ? await wanted.send() : await reading(wanted.send);
  const refusal = refusalOf(response, call, {
    write,
    error: wanted.error(response) ?? { message: `${vendor} answered HTTP ${response.status}` },
    exception: (_error, status) => (status === 404 ? 'IDENTIFIER_UNRESOLVED' : undefined),
  });
  if (refusal !== undefined) return { ok: false, refusal };
  const value = wanted.value(response);
  return value === undefined ? { ok: false, refusal: unreadable(write) } : { ok: true, value };
}

/** By which a comment of ours is found again: short enough to stand in a text that people read. */
export function markOf(call: CallContext): string {
  return `ref ${call.idempotencyKey.slice(0, 16)}`;
}

/** Our key as a desk's field can hold it and a search can name it; another key becomes a hash of it. */
export function searchableKey(externalKey: string, fits: RegExp): string {
  return fits.test(externalKey) ? externalKey : `reroute-${sha256Hex(externalKey).slice(0, 40)}`;
}

/** The description with what the case is about below it, as plain text. */
export function describeCase({ description, orderNumber, exceptionCode, link, subject }: OpenCase): string {
  const about = [
    orderNumber === undefined ? undefined : `Order: ${orderNumber}`,
    exceptionCode === undefined ? undefined : `Exception: ${exceptionCode}`,
    link === undefined ? undefined : `Case: ${link}`,
  ].filter((line) => line !== undefined);
  return [description ?? subject, about.join('\n')].filter((part) => part !== '').join('\n\n');
}
