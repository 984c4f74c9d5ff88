import { operation } from '../../kit/connector';
import {
  channelRefusal,
  type Notice,
  type Notified,
  noticeInput,
  noticeOutput,
  postToHook,
} from '../../kit/notice';
import { messageOf } from '../message';

/**
 * Posts to an incoming webhook, which answers 200 `ok` and no id (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/).
 * Nothing tells afterwards whether a message was posted, so it is irreversible.
 */
export const notify = operation<Notice, Notified>({
  id: 'notify',
  title: 'Post to the webhook',
  description: 'Posts a message to the channel of an incoming webhook.',
  kind: 'desk',
  safety: 'irreversible',
  rateLimitHeaders: ['retry-after'],
  input: noticeInput,
  output: noticeOutput,
  target: ({ subject }) => `webhook/${subject}`,
  async send(notice, call) {
    const response = await postToHook(call, 'Slack', 'webhookPath', { json: messageOf(notice) });
    const refusal = channelRefusal(response, call, 'Slack');
    if (refusal !== undefined) return refusal;
    if (response.text().trim() !== 'ok')
      return { outcome: 'unknown', message: 'Slack answered 2xx with something else than ok' };
    return { outcome: 'ok', output: { delivered: true }, confirmed: true };
  },
});
