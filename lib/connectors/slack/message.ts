/** A notice as Slack shows it: https://docs.slack.dev/messaging/formatting-message-text/ and Block Kit. */
import { type Notice, shownFields } from '../kit/notice';
import type { Json } from '../kit/text';

/** The three characters that mean something in Slack's own markup. */
const escaped = (value: string) => value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** An escape must not be cut in half. */
const fitting = (value: string, max: number) =>
  escaped(value)
    .slice(0, max)
    .replace(/&[a-z]{0,3}$/, '');

/** What ends or splits a link in Slack's markup is percent-encoded. */
const linkOf = (link: string) => new URL(link).href.replace(/[|<>]/g, (sign) => encodeURIComponent(sign));

const section = (markup: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text: markup } });

/** `text` is what notifications show; a section holds 3000 characters, ten fields of 2000. */
export function messageOf(notice: Notice): Json {
  const fields = shownFields(notice, 10).map(([name, value]) => ({
    type: 'mrkdwn',
    text: `*${fitting(name, 100)}*\n${fitting(value, 1000)}`,
  }));
  return {
    text: fitting(notice.subject, 1000),
    blocks: [
      section(`*${fitting(notice.subject, 1000)}*`),
      section(fitting(notice.text, 2900)),
      ...(fields.length === 0 ? [] : [{ type: 'section', fields }]),
      ...(notice.link === undefined ? [] : [section(`<${linkOf(notice.link)}|Open the case>`)]),
    ],
  };
}
