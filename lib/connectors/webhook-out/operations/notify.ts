import { operation } from '../../kit/connector';
import { type Notice, type Notified, noticeInput, noticeOutput } from '../../kit/notice';
import { deliver } from '../deliver';

/** The event `reroute.notice`: what people should be told, for a receiver that knows how. */
export const notify = operation<Notice, Notified>({
  id: 'notify',
  title: 'Send notice',
  description: 'Sends a notice as a signed webhook.',
  kind: 'desk',
  safety: 'keyed',
  idempotencyHeader: 'webhook-id',
  rateLimitHeaders: ['retry-after'],
  input: noticeInput,
  output: noticeOutput,
  target: ({ subject }) => `notice/${subject}`,
  send: (notice, call) => deliver('notice', notice, call),
});
