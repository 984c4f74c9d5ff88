/** Service desk and CRM stand-in: docs/partner-rest.md, "Service desk and CRM". It does not enforce external keys: the caller searches first. */
import { z } from 'zod';
import { type Call, type Outcome, refuse, type System, systemOf } from '../core/http';
import type { World } from '../core/world';
import { EtaBoard, param, read } from './shapes';

const ticketBody = z.object({
  externalKey: z.string().min(1),
  subject: z.string().min(1),
  description: z.string(),
  priority: z.enum(['LOW', 'NORMAL', 'HIGH', 'URGENT']),
  orderNumber: z.string().optional(),
  exceptionCode: z.string().optional(),
  link: z.string().optional(),
});
const commentBody = z.object({ externalKey: z.string().min(1), body: z.string(), internal: z.boolean() });
const noteBody = z.object({ note: z.string() });

type State = 'OPEN' | 'PENDING' | 'RESOLVED' | 'CLOSED';
type Ticket = z.infer<typeof ticketBody> & { id: string; state: State; resolution?: string };
type Comment = z.infer<typeof commentBody> & { id: string; ticketId: string };

export class Desk {
  readonly system: System;
  private readonly world: World;
  private readonly tickets = new Map<string, Ticket>();
  private readonly comments: Comment[] = [];
  private readonly etas = new EtaBoard('orderNumber');

  constructor(world: World) {
    this.world = world;
    this.system = systemOf('desk', true, [
      {
        method: 'GET',
        pattern: '/tickets',
        operation: 'findTickets',
        handle: (call) => this.findTickets(call),
      },
      {
        method: 'POST',
        pattern: '/tickets',
        operation: 'createTicket',
        handle: (call) => this.createTicket(call),
      },
      {
        method: 'GET',
        pattern: '/tickets/:id',
        operation: 'getTicket',
        handle: (call) => ({ status: 200, body: this.ticket(call) }),
      },
      {
        method: 'GET',
        pattern: '/tickets/:id/comments',
        operation: 'findComments',
        handle: (call) => this.findComments(call),
      },
      {
        method: 'POST',
        pattern: '/tickets/:id/comments',
        operation: 'comment',
        handle: (call) => this.comment(call),
      },
      {
        method: 'POST',
        pattern: '/tickets/:id/resolve',
        operation: 'resolve',
        handle: (call) => this.turn(call, 'RESOLVED'),
      },
      {
        method: 'POST',
        pattern: '/tickets/:id/reopen',
        operation: 'reopen',
        handle: (call) => this.turn(call, 'OPEN'),
      },
      {
        method: 'PUT',
        pattern: '/accounts/orders/:orderNumber/eta',
        operation: 'putEta',
        handle: (call) =>
          this.etas.put(this.orderNumber(call), `accounts/orders/${this.orderNumber(call)}/eta`, call),
      },
      {
        method: 'GET',
        pattern: '/accounts/orders/:orderNumber/eta',
        operation: 'getEta',
        handle: (call) => this.etas.get(this.orderNumber(call)),
      },
    ]);
  }

  /** For the admin interface: an agent closes a ticket, or sets it to wait. */
  setState(id: string, state: State): unknown {
    const ticket = this.tickets.get(id) ?? refuse(404, 'TICKET_UNKNOWN', `no ticket ${id}`);
    ticket.state = state;
    return ticket;
  }

  private orderNumber(call: Call): string {
    const number = param(call, 'orderNumber');
    const order = this.world.order(number) ?? refuse(404, 'ORDER_UNKNOWN', `no order ${number}`);
    return order.orderNumber;
  }

  private ticket(call: Call): Ticket {
    const id = param(call, 'id');
    return this.tickets.get(id) ?? refuse(404, 'TICKET_UNKNOWN', `no ticket ${id}`);
  }

  /** A ticket that may still be worked on. */
  private openTicket(call: Call): Ticket {
    const ticket = this.ticket(call);
    if (ticket.state === 'CLOSED') refuse(409, 'TICKET_CLOSED', `ticket ${ticket.id} is closed`);
    return ticket;
  }

  private findTickets(call: Call): Outcome {
    const key = call.query.get('externalKey');
    return {
      status: 200,
      body: { items: [...this.tickets.values()].filter((ticket) => ticket.externalKey === key) },
    };
  }

  private createTicket(call: Call): Outcome {
    const ticket: Ticket = { ...read(ticketBody, call), id: `T-${this.tickets.size + 1}`, state: 'OPEN' };
    const { externalKey } = ticket;
    const commit = () => this.tickets.set(ticket.id, ticket);
    return {
      status: 201,
      body: { ...ticket },
      work: { target: `tickets/${externalKey}`, reference: externalKey, commit },
    };
  }

  private findComments(call: Call): Outcome {
    const { id } = this.ticket(call);
    const key = call.query.get('externalKey');
    const items = this.comments.filter(
      (entry) => entry.ticketId === id && (key === null || entry.externalKey === key),
    );
    return { status: 200, body: { items } };
  }

  private comment(call: Call): Outcome {
    const { id: ticketId } = this.openTicket(call);
    const comment: Comment = { ...read(commentBody, call), id: `C-${this.comments.length + 1}`, ticketId };
    const commit = () => this.comments.push(comment);
    return {
      status: 201,
      body: comment,
      work: { target: `tickets/${ticketId}/comments`, reference: comment.externalKey, commit },
    };
  }

  private turn(call: Call, state: 'RESOLVED' | 'OPEN'): Outcome {
    const ticket = this.openTicket(call);
    const { note } = read(noteBody, call);
    const unchanged = ticket.state === state;
    const after: Ticket = unchanged
      ? ticket
      : { ...ticket, state, ...(state === 'RESOLVED' ? { resolution: note } : {}) };
    const commit = () => this.tickets.set(ticket.id, after);
    return { status: 200, body: after, work: { target: `tickets/${ticket.id}`, unchanged, commit } };
  }
}
