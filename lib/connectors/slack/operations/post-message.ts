import { FatalError, RetryableError } from '../../../model/errors';
import { type Refusal, refusalOf } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import type { HttpRequest, HttpResponse } from '../../kit/http';
import { type Notice, type Notified, noticeInput, noticeOutput } from '../../kit/notice';
import { bearer, needed, reading, sendAuthorized } from '../../kit/outbound';
import { type Json, object, objects, text } from '../../kit/text';
import { messageOf } from '../message';

const eventType = 'reroute_notice';
const day = 86_400;

function channelOf({ settings }: CallContext): string {
  const channel = text(settings.channel, 40);
  if (channel !== undefined) return channel;
  throw new FatalError('CHANNEL_MISSING', 'no channel is configured', {
    hint: "Set the partner's setting channel.",
  });
}

const send = (call: CallContext, request: HttpRequest) =>
  sendAuthorized(call, needed(bearer(call, 'botToken'), 'Slack', 'botToken'), request);

/** "It's possible some aspect of the operation succeeded before the error was raised." */
const half = new Set(['fatal_error', 'internal_error']);
const passing = new Set(['ratelimited', 'rate_limited', 'service_unavailable', 'request_timeout']);

/** Slack refuses with 200 and `{ "ok": false, "error": "channel_not_found" }`. */
function refusalIn(response: HttpResponse, call: CallContext): Refusal | undefined {
  const message = `Slack answered HTTP ${response.status}`;
  const refused = refusalOf(response, call, { write: true, error: { message }, exception: () => undefined });
  if (refused !== undefined) return refused;
  const body = object(response.json());
  if (body?.ok === true) return undefined;
  const error = text(body?.error, 100);
  if (error === undefined || half.has(error))
    return { outcome: 'unknown', message: `Slack may have posted it: ${error ?? 'an answer without ok'}` };
  const sentence = `Slack refused the message: ${error}`;
  return passing.has(error)
    ? { outcome: 'retryable', message: sentence, vendorCode: error }
    : { outcome: 'fatal', message: sentence, vendorCode: error };
}

const posted = (ts: string) => ({
  output: { delivered: true, reference: ts },
  confirmed: true,
  reference: ts,
});

/** The channel's messages since yesterday; every one with our key in its metadata is ours. */
async function history(call: CallContext, cursor: string): Promise<Json> {
  const query = new URLSearchParams({
    channel: channelOf(call),
    include_all_metadata: 'true',
    limit: '200',
    oldest: String(Math.floor(call.now / 1000) - day),
    ...(cursor === '' ? {} : { cursor }),
  });
  const response = await reading(() =>
    send(call, { method: 'GET', path: `/api/conversations.history?${query}` }),
  );
  const body = object(response.json());
  if (response.status === 200 && body?.ok === true) return body;
  const error = text(body?.error, 100) ?? `HTTP ${response.status}`;
  if (response.status === 200 && !passing.has(error) && !half.has(error))
    throw new FatalError('LOOK_UP_REFUSED', `Slack refused to show the channel: ${error}`, {
      hint: 'Give the bot the scope channels:history and invite it to the channel.',
    });
  throw new RetryableError('LOOK_UP_UNANSWERED', `Slack did not show the channel: ${error}`, {
    hint: 'The look-up is tried again before anything is sent.',
  });
}

function ours({ metadata }: Json, call: CallContext): boolean {
  const found = object(metadata);
  return found?.event_type === eventType && object(found.event_payload)?.key === call.idempotencyKey;
}

/**
 * `chat.postMessage` with our key as message metadata, found again in `conversations.history`
 * (https://docs.slack.dev/messaging/message-metadata, https://docs.slack.dev/reference/methods/chat.postMessage).
 */
export const postMessage = operation<Notice, Notified>({
  id: 'postMessage',
  title: 'Post message',
  description: 'Posts a message to a channel as a bot, once.',
  kind: 'desk',
  safety: 'reconcilable',
  rateLimitHeaders: ['retry-after'],
  input: noticeInput,
  output: noticeOutput,
  target: ({ subject }) => `chat/${subject}`,
  async send(notice, call) {
    const metadata = { event_type: eventType, event_payload: { key: call.idempotencyKey } };
    const json = { channel: channelOf(call), ...messageOf(notice), metadata };
    const response = await send(call, { method: 'POST', path: '/api/chat.postMessage', json });
    const refusal = refusalIn(response, call);
    if (refusal !== undefined) return refusal;
    const ts = text(object(response.json())?.ts, 40);
    if (ts === undefined) return { outcome: 'unknown', message: 'Slack answered ok without a message' };
    return { outcome: 'ok', ...posted(ts) };
  },
  async lookUp(_notice, call) {
    let cursor = '';
    for (let page = 0; page < 10; page++) {
      const body = await history(call, cursor);
      const ts = text(objects(body.messages, 1000).find((one) => ours(one, call))?.ts, 40);
      if (ts !== undefined) return { found: true, ...posted(ts) };
      cursor = text(object(body.response_metadata)?.next_cursor, 500) ?? '';
      if (cursor === '') break;
    }
    return { found: false };
  },
});
