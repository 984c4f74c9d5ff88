import { z } from 'zod';
import { sha256Hex } from '../../../model/keys';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import * as contracts from '../../kit/contracts/desk';
import { type Notice, noticeOutput, shownFields } from '../../kit/notice';
import { list, text } from '../../kit/text';
import type { MailMessage } from '../../kit/transport';

const input = contracts.notify.input.extend({
  to: z.array(z.email()).max(50).optional().describe('Recipients; those of the settings when empty'),
  conversation: z
    .string()
    .max(200)
    .optional()
    .describe('Messages with the same word are shown as one conversation, e.g. the case id'),
});
type Input = Notice & { conversation?: string | undefined };
const output = noticeOutput.extend({
  refusedRecipients: z.int().min(0).optional().describe('How many recipients the server refused'),
});
type Output = z.infer<typeof output>;

const addresses = (value: unknown) => list(value, 50).flatMap((item) => text(item, 320) ?? []);

/** RFC 5322, 3.6.4: left of the @ what makes it unique, right of it a domain of ours. */
function messageIds({ settings, idempotencyKey }: CallContext, conversation: string | undefined) {
  const domain = text(settings.from, 320)?.split('@')[1] ?? 'localhost';
  return {
    messageId: `${idempotencyKey}@${domain}`,
    ...(conversation === undefined ? {} : { inReplyTo: `${sha256Hex(conversation)}@${domain}` }),
  };
}

function bodyOf(notice: Notice): string {
  const fields = shownFields({ ...notice, to: undefined }, 100).map(([name, value]) => `${name}: ${value}`);
  return [notice.text, fields.join('\n'), notice.link].filter((part) => part).join('\n\n');
}

function messageOf(notice: Input, to: string[], call: CallContext): MailMessage {
  const { from, fromName, cc } = call.settings;
  const address = text(from, 320) ?? '';
  const name = text(fromName, 100);
  return {
    from: name === undefined ? address : `"${name}" <${address}>`,
    to,
    cc: addresses(cc),
    subject: notice.subject.replace(/\s+/g, ' '),
    text: bodyOf(notice),
    ...messageIds(call, notice.conversation),
    headers: {
      // RFC 3834: keeps out-of-office notes from coming back.
      'Auto-Submitted': 'auto-generated',
      'X-Correlation-Id': call.correlationId,
    },
  };
}

/**
 * Hands one message to the server. Irreversible: a mail system may drop a second message with the same id, but none promises it, and
 * nobody can be asked whether the first one went out. A connection lost after DATA is for a person to decide; anything before it is sent again.
 */
export const notify = operation<Input, Output>({
  id: 'notify',
  title: 'Send e-mail',
  description: 'Sends a message to people by e-mail.',
  kind: 'desk',
  safety: 'irreversible',
  input: input as unknown as z.ZodType<Input>,
  output,
  target: ({ subject, to }) => `mail/${(to ?? []).join(',')}/${subject}`,
  async send(notice, call): Promise<OperationResult<Output>> {
    const own = notice.to ?? [];
    const to = own.length > 0 ? [...own] : addresses(call.settings.to);
    if (to.length === 0)
      return { outcome: 'fatal', message: 'neither the flow nor the settings name a recipient' };
    const message = messageOf(notice, to, call);
    const { accepted, rejected } = await call.mail.send(message);
    if (accepted.length === 0)
      return { outcome: 'fatal', message: `the mail server refused all ${rejected.length} recipients` };
    const refused = rejected.length === 0 ? {} : { refusedRecipients: rejected.length };
    // Taken over by a server is not read by a person.
    return {
      outcome: 'ok',
      output: { delivered: true, reference: message.messageId, ...refused },
      confirmed: false,
      reference: message.messageId,
    };
  },
});
