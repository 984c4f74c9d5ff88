/** Mail to a partner's SMTP server behind an `smtp:` (STARTTLS) or `smtps:` endpoint, typed by what became of the message. */
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { Secrets } from '../../connectors/kit/connector';
import { HttpAmbiguousError } from '../../connectors/kit/http';
import type { MailMessage, MailPort, MailReceipt } from '../../connectors/kit/transport';
import { FatalError, RetryableError } from '../../model/errors';
import type { TargetPolicy } from '../partners/targets';

export interface SmtpOptions {
  endpoint: string;
  secrets: Secrets;
  /** Connect, greeting, and each reply, milliseconds. */
  timeoutMs: number;
  targets: TargetPolicy;
}

export function smtpPort(options: SmtpOptions): MailPort {
  return { send: (message) => send(message, options) };
}

interface Built {
  envelope: { from: string | false; to: string[] };
  bytes: Buffer;
}

/** The text of the message first: afterwards only the server can refuse it. */
async function build(message: MailMessage): Promise<Built> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  try {
    const built = await transport.sendMail({
      from: message.from,
      to: [...message.to],
      cc: [...(message.cc ?? [])],
      subject: message.subject,
      text: message.text,
      messageId: `<${message.messageId}>`,
      // Nothing in a message may make us open a file or a URL.
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(message.html === undefined ? {} : { html: message.html }),
      ...(message.inReplyTo === undefined
        ? {}
        : { inReplyTo: `<${message.inReplyTo}>`, references: `<${message.inReplyTo}>` }),
      ...(message.headers === undefined ? {} : { headers: { ...message.headers } }),
      attachments: (message.attachments ?? []).map(({ fileName, mediaType, body }) => ({
        filename: fileName,
        contentType: mediaType,
        content: Buffer.from(body),
      })),
    });
    const { from, to } = built.envelope;
    return { envelope: { from, to: [...to] }, bytes: built.message as Buffer };
  } catch (cause) {
    throw new FatalError('MAIL_INVALID', `the message cannot be built: ${wordsOf(cause)}`, {
      hint: 'Correct addresses and attachments, then replay.',
      cause,
    });
  }
}

async function send(message: MailMessage, options: SmtpOptions): Promise<MailReceipt> {
  const { envelope, bytes } = await build(message);
  const passwords = options.secrets('smtpPassword');
  const [first, ...others] = passwords.length === 0 ? [undefined] : passwords;
  try {
    return await attempt(envelope, bytes, first, options);
  } catch (error) {
    // A refused log-in has sent nothing: the password of before may still be the right one.
    for (const password of others) {
      if (!isRefusedLogin(error)) break;
      return attempt(envelope, bytes, password, options);
    }
    throw error;
  }
}

const isRefusedLogin = (error: unknown): boolean =>
  error instanceof FatalError && error.code === 'SMTP_CREDENTIALS';

async function attempt(
  envelope: Built['envelope'],
  bytes: Buffer,
  password: string | undefined,
  { endpoint, secrets, timeoutMs, targets }: SmtpOptions,
): Promise<MailReceipt> {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection');
  const url = new URL(endpoint);
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const user = secrets('smtpUser')[0] ?? (decodeURIComponent(url.username) || undefined);
  const auth = user === undefined || password === undefined ? undefined : { user, pass: password };
  const connection = new SMTPConnection({
    host: await addressOfServer(targets, host),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A password never goes over a line that anybody can read.
    requireTLS: auth !== undefined && !secure,
    tls: { ...tlsOf(secrets), ...(isIP(host) === 0 ? { servername: host } : {}) },
  });
  const progress = { read: false };
  try {
    const info = await converse(connection, async () => {
      await told((done) => connection.connect((error) => done(error)));
      if (auth) await told((done) => connection.login(auth, (error) => done(error)));
      return told<SMTPConnectionSendInfo>((done) =>
        connection.send(envelope, counted(bytes, progress), done),
      );
    });
    connection.quit();
    return {
      accepted: info.accepted.map(addressOf),
      rejected: info.rejected.map(addressOf),
      response: info.response,
    };
  } catch (error) {
    connection.close();
    return outcomeOf(error, progress.read);
  }
}

/** Looked up here, so that what was checked is what is connected to. @throws FatalError TARGET_FORBIDDEN, RetryableError */
async function addressOfServer(targets: TargetPolicy, host: string): Promise<string> {
  try {
    return await targets.resolve(host);
  } catch (error) {
    if (error instanceof FatalError) throw error;
    throw new RetryableError('SMTP_NOT_SENT', `SMTP: ${wordsOf(error)}`, {
      hint: 'It is tried again by itself.',
      cause: error,
    });
  }
}

type Done<T> = (error?: Error | null, value?: T) => void;

/** A callback that is called once, as a promise. */
function told<T = undefined>(ask: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}

/** A connection says by an event what goes wrong between two commands. */
function converse<T>(
  connection: { on(event: 'error', handler: (error: Error) => void): unknown },
  talk: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    talk().then(resolve, reject);
  });
}

function tlsOf(secrets: Secrets): { ca?: string[] } {
  const authorities = secrets('certificateAuthority');
  return authorities.length === 0 ? {} : { ca: [...authorities] };
}

/** Tells when the last byte was handed over: until then no server can have taken the message. */
function counted(bytes: Buffer, progress: { read: boolean }): Readable {
  return Readable.from(
    (function* () {
      yield bytes;
      progress.read = true;
    })(),
    { objectMode: false },
  );
}

interface SmtpFailure {
  code?: string;
  responseCode?: number;
  response?: string;
  rejected?: string[];
}

/** @throws typed by fate; a refusal of every recipient is an answer */
function outcomeOf(error: unknown, sentWhole: boolean): MailReceipt {
  const { code = '', responseCode, response = '', rejected } = error as SmtpFailure;
  if (code === 'EAUTH' && (responseCode === undefined || responseCode >= 500)) {
    throw new FatalError('SMTP_CREDENTIALS', 'the SMTP server refused our user name or password', {
      hint: "Check the partner's smtpUser and smtpPassword, then replay.",
    });
  }
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500) {
    throw new RetryableError('SMTP_BUSY', `the SMTP server answered ${response.slice(0, 200)}`, {
      hint: 'It is tried again by itself.',
    });
  }
  if (responseCode !== undefined && responseCode >= 500) {
    if (code === 'EENVELOPE' && rejected && rejected.length > 0)
      return { accepted: [], rejected, response: response.slice(0, 500) };
    throw new FatalError('SMTP_REFUSED', `the SMTP server answered ${response.slice(0, 200)}`, {
      hint: 'Correct the message or its addresses, then replay.',
    });
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE')
    throw new FatalError('MAIL_INVALID', `the message cannot be sent: ${wordsOf(error)}`);
  const text = `SMTP: ${wordsOf(error)}`;
  if (sentWhole) throw new HttpAmbiguousError(text, error);
  throw new RetryableError('SMTP_NOT_SENT', text, { hint: 'It is tried again by itself.', cause: error });
}

const addressOf = (address: string | { address: string }): string =>
  typeof address === 'string' ? address : address.address;

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
