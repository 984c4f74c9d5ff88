/** Operations of service desks, and of the channels that only tell people something. */
import { z } from 'zod';
import { contract } from './contract';

const ticketId = z.string().min(1).max(200).describe('What openCase answered');
export const priorities = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const;
export const ticketStates = ['OPEN', 'PENDING', 'RESOLVED', 'CLOSED'] as const;
const ticket = z.object({ id: z.string(), externalKey: z.string().optional(), state: z.enum(ticketStates) });

export const openCase = contract({
  id: 'openCase',
  kind: 'desk',
  input: z.object({
    externalKey: z
      .string()
      .min(1)
      .max(200)
      .describe('Key under which the ticket is found again, normally the case id'),
    subject: z.string().min(1).max(500).describe('One line'),
    description: z.string().max(20_000).optional().describe('What happened and what is being done'),
    priority: z.enum(priorities).default('NORMAL'),
    orderNumber: z.string().max(200).optional().describe('Order it is about'),
    exceptionCode: z.string().max(100).optional().describe('Exception code of the case'),
    link: z.url().optional().describe('Where the case is shown'),
  }),
  output: ticket,
  example: {
    externalKey: 'case-1',
    subject: 'Short pick on SO-4711',
    description: 'Three are missing.',
    priority: 'HIGH',
    orderNumber: 'SO-4711',
    exceptionCode: 'INVENTORY_SHORT_PICK',
    link: 'https://reroute.example/console/cases/1',
  },
});

export const comment = contract({
  id: 'comment',
  kind: 'desk',
  input: z.object({
    ticketId,
    body: z.string().min(1).max(20_000),
    internal: z.boolean().default(true).describe('False shows it to the customer'),
  }),
  output: z.object({ id: z.string(), ticketId: z.string() }),
  example: { ticketId: '42', body: 'Rebooked.', internal: true },
});

export const resolve = contract({
  id: 'resolve',
  kind: 'desk',
  input: z.object({ ticketId, note: z.string().max(4000).optional().describe('How it was resolved') }),
  output: ticket,
  example: { ticketId: '42', note: 'Delivered.' },
});

export const reopen = contract({
  id: 'reopen',
  kind: 'desk',
  input: z.object({ ticketId, note: z.string().max(4000).optional() }),
  output: ticket,
  example: { ticketId: '42', note: 'Still late.' },
});

/** `null` when there is none: look before you open. */
export const findCase = contract({
  id: 'findCase',
  kind: 'desk',
  input: z.object({ externalKey: z.string().min(1).max(200) }),
  output: z.object({ ticket: ticket.nullable() }),
  example: { externalKey: 'case-1' },
});

/** A message to people: mail, chat or a signed webhook. */
export const notify = contract({
  id: 'notify',
  kind: 'desk',
  input: z.object({
    subject: z.string().min(1).max(250).describe('One line'),
    text: z.string().min(1).max(10_000).describe('Plain text'),
    severity: z.enum(['S1', 'S2', 'S3', 'S4']).optional(),
    fields: z
      .record(z.string().max(100), z.string().max(1000))
      .default({})
      .describe('Shown as name and value'),
    link: z.url().optional().describe('Where the case is shown'),
    to: z.array(z.string().max(320)).max(50).optional().describe('Recipients, where the channel has several'),
  }),
  output: z.object({
    delivered: z.boolean().describe('Taken over by the channel; who has read it nobody knows'),
    reference: z.string().optional().describe('What the channel calls the message'),
  }),
  example: {
    subject: 'Short pick on SO-4711',
    text: 'Three are missing.',
    severity: 'S2',
    fields: { Order: 'SO-4711' },
    link: 'https://reroute.example/console/cases/1',
    to: ['desk@example.com'],
  },
});

export const deskContracts = [openCase, comment, resolve, reopen, findCase, notify];
