import { z } from 'zod';
import { operation } from '../../kit/connector';
import { type Notified, noticeOutput } from '../../kit/notice';
import { deliver } from '../deliver';

const input = z.object({
  type: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/)
    .describe('Event type below the prefix of the settings, e.g. case.opened'),
  subject: z.string().max(200).default('').describe('What it is about, for the record'),
  data: z.record(z.string(), z.unknown()).describe('The event, as the receiver wants it'),
});
type Input = z.infer<typeof input>;

/** Any event of a flow, for a receiver that is no product of its own. */
export const publish = operation<Input, Notified>({
  id: 'publish',
  title: 'Send event',
  description: 'Sends an event as a signed webhook.',
  kind: 'desk',
  safety: 'keyed',
  idempotencyHeader: 'webhook-id',
  rateLimitHeaders: ['retry-after'],
  input: input as unknown as z.ZodType<Input>,
  output: noticeOutput,
  target: ({ type, subject }) => `event/${type}/${subject}`,
  send: ({ type, data }, call) => deliver(type, data, call),
});
