/** Tickets and comments of docs/partner-rest.md. */
import { z } from 'zod';

export const ticket = z.object({
  id: z.string().min(1).max(200),
  externalKey: z.string().max(200).optional().describe('Our key of the ticket'),
  subject: z.string().max(500).optional(),
  state: z.enum(['OPEN', 'PENDING', 'RESOLVED', 'CLOSED']),
  priority: z.enum(['LOW', 'NORMAL', 'HIGH', 'URGENT']).optional(),
  resolution: z.string().max(4000).nullish(),
});
export type Ticket = z.infer<typeof ticket>;
export const tickets = z.object({ items: z.array(ticket) });

export const comment = z.object({
  id: z.string().min(1).max(200),
  ticketId: z.string().max(200),
  externalKey: z.string().max(200).optional().describe('Our key of the comment'),
});
export type Comment = z.infer<typeof comment>;
export const comments = z.object({ items: z.array(comment) });
