import { operation } from '../../kit/connector';
import {
  channelRefusal,
  type Notice,
  type Notified,
  noticeInput,
  noticeOutput,
  postToHook,
  shownFields,
} from '../../kit/notice';
import { type Json, text } from '../../kit/text';

/** A TextRun shows its text as it is; the other elements read Markdown, and a partner's text is nothing to be read so. */
const run = (words: string, look: Json = {}): Json => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text: words, ...look }],
});

/** A control character would be six bytes in JSON and show nothing. */
const shown = (words: string, max: number) => text(words.replace(/[^\P{Cc}\n]/gu, ' '), max) ?? ' ';

/** A message holds 28 KB: with these lengths it fits, whatever the script. */
function cardOf(notice: Notice): Json {
  const facts = shownFields(notice, 10).map(([title, value]) => ({
    title: shown(title, 50),
    value: shown(value, 200),
  }));
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      run(shown(notice.subject, 250), { weight: 'Bolder', size: 'Medium' }),
      run(shown(notice.text, 3000)),
      ...(facts.length === 0 ? [] : [{ type: 'FactSet', facts }]),
    ],
    ...(notice.link === undefined || notice.link.length > 2000
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Open the case', url: notice.link }] }),
  };
}

function messageOf(notice: Notice): Json {
  const attachment = {
    contentType: 'application/vnd.microsoft.card.adaptive',
    contentUrl: null,
    content: cardOf(notice),
  };
  return { type: 'message', attachments: [attachment] };
}

/** The workflow answers 202 and posts afterwards: accepted, never confirmed, and nothing can be asked whether it did. */
export const notify = operation<Notice, Notified>({
  id: 'notify',
  title: 'Post card',
  description: 'Posts an Adaptive Card through a workflow of Teams.',
  kind: 'desk',
  safety: 'irreversible',
  rateLimitHeaders: ['retry-after'],
  input: noticeInput,
  output: noticeOutput,
  target: ({ subject }) => `workflow/${subject}`,
  async send(notice, call) {
    const response = await postToHook(call, 'Teams', 'webhookPath', { json: messageOf(notice) });
    const refusal = channelRefusal(response, call, 'Teams');
    return refusal ?? { outcome: 'ok', output: { delivered: true }, confirmed: false };
  },
});
