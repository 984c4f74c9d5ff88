/** Mail to a partner, against a real SMTP server in this process. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { MailMessage } from '../../../lib/connectors/kit/transport';
import { openTargets } from '../../../lib/engine/partners/targets';
import { mailPort, noMail } from '../../../lib/engine/partners/transports';
import { FatalError, isRerouteError } from '../../../lib/model/errors';
import { need, onPath } from '../../support';
import { makeAuthority } from '../../support/certificates';

const message: MailMessage = {
  from: 'claims@example.org',
  to: ['desk@example.com'],
  subject: 'Delivery 4711 – late',
  text: 'The parcel is late.\n.\nA line that is a dot stands above.',
  messageId: 'case-4711@example.org',
  inReplyTo: 'first@example.com',
  headers: { 'X-Case': '4711' },
  attachments: [{ fileName: 'pod.pdf', mediaType: 'application/pdf', body: Buffer.from('%PDF') }],
};

const failing = (code: string, fate: string) => (error: unknown) => {
  assert.ok(isRerouteError(error), String(error));
  assert.deepEqual([error.code, error.fate], [code, fate], error.message);
  return true;
};

function replyOf(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

describe('mail to a partner', () => {
  const closing: (() => Promise<void>)[] = [];
  const inbox: string[] = [];
  let logins = 0;
  let authority: ReturnType<typeof makeAuthority>;

  before(function () {
    need(this, 'openssl', onPath('openssl'));
    authority = makeAuthority('mail authority');
  });
  beforeEach(() => {
    inbox.splice(0);
    logins = 0;
  });
  afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

  async function serve(options: SMTPServerOptions = {}): Promise<number> {
    const { certificate: cert, key } = authority.issue('mail');
    const server = new SMTPServer({
      authOptional: true,
      cert,
      key,
      onAuth(auth, _session, done) {
        logins += 1;
        if (auth.password === 'right') done(null, { user: auth.username });
        else done(new Error('no'));
      },
      onData(stream, _session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          inbox.push(Buffer.concat(chunks).toString('utf8'));
          done(null);
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    return (server.server.address() as AddressInfo).port;
  }

  function port(number: number, secrets: Record<string, string[]> = {}, scheme = 'smtp') {
    const all: Record<string, string[]> = { certificateAuthority: [authority.certificate], ...secrets };
    return mailPort({
      targets: openTargets,
      endpoint: `${scheme}://127.0.0.1:${number}`,
      secrets: (name) => all[name] ?? [],
      timeoutMs: 1_500,
    });
  }

  it('arrives whole, with its id, thread, headers and attachments', async () => {
    const receipt = await port(await serve()).send(message);
    assert.deepEqual([receipt.accepted, receipt.rejected], [['desk@example.com'], []]);
    assert.match(receipt.response, /^250 /);
    const [mail = ''] = inbox;
    assert.match(mail, /^Message-ID: <case-4711@example\.org>$/im);
    assert.match(mail, /^In-Reply-To: <first@example\.com>$/im);
    assert.match(mail, /^X-Case: 4711$/im);
    assert.match(mail, /filename="?pod\.pdf/);
    assert.match(mail, /\n\.\r?\nA line that is a dot/);
  });

  it('logs in over TLS only', async () => {
    const secrets = { smtpUser: ['we'], smtpPassword: ['right'] };
    await port(await serve(), secrets).send(message);
    assert.equal(logins, 1);
    const plain = await serve({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    await assert.rejects(port(plain, secrets).send(message), isRerouteError);
    assert.equal(logins, 1, 'the password stayed with us');
    await port(await serve({ secure: true }), secrets, 'smtps').send(message);
    assert.equal(inbox.length, 2);
  });

  it('tries the password of before when the new one is refused, and sends once', async () => {
    const number = await serve({ authOptional: false });
    await port(number, { smtpUser: ['we'], smtpPassword: ['new', 'right'] }).send(message);
    assert.deepEqual([logins, inbox.length], [2, 1]);
    await assert.rejects(
      port(number, { smtpUser: ['we'], smtpPassword: ['hunter2'] }).send(message),
      (error: unknown) =>
        failing('SMTP_CREDENTIALS', 'dead-letter')(error) && !String(error).includes('hunter2'),
    );
  });

  it('is not handed to a server whose certificate nobody we trust has issued', async () => {
    const number = await serve({ secure: true });
    await assert.rejects(
      port(number, { certificateAuthority: [] }, 'smtps').send(message),
      failing('SMTP_NOT_SENT', 'retry'),
    );
    assert.deepEqual(inbox, []);
  });

  it('reports refused recipients beside accepted ones, and when there is no other', async () => {
    const number = await serve({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('no') ? replyOf(550, 'no such user') : null),
    });
    const both = await port(number).send({ ...message, to: ['desk@example.com', 'nobody@example.com'] });
    assert.deepEqual([both.accepted, both.rejected], [['desk@example.com'], ['nobody@example.com']]);
    const none = await port(number).send({ ...message, to: ['nobody@example.com'] });
    assert.deepEqual([none.accepted, none.rejected], [[], ['nobody@example.com']]);
    assert.equal(inbox.length, 1);
  });

  it('is tried again after a 4xx and refused for good after a 5xx', async () => {
    for (const [code, name, fate] of [
      [452, 'SMTP_BUSY', 'retry'],
      [554, 'SMTP_REFUSED', 'dead-letter'],
    ] as const) {
      const onData: SMTPServerOptions['onData'] = (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(replyOf(code, 'no')));
      };
      await assert.rejects(port(await serve({ onData })).send(message), failing(name, fate));
    }
    const greylisting = await serve({ onRcptTo: (_address, _session, done) => done(replyOf(450, 'later')) });
    await assert.rejects(port(greylisting).send(message), failing('SMTP_BUSY', 'retry'));
  });

  it('is unknown only once the whole message has left', async () => {
    const hangUp: SMTPServerOptions['onData'] = (stream, _session, _done) => {
      stream.resume();
      stream.on('end', () => undefined);
    };
    await assert.rejects(
      port(await serve({ onData: hangUp })).send(message),
      failing('HTTP_NO_ANSWER', 'ask-person'),
    );
    assert.deepEqual(inbox, []);
  });

  it('is not sent when the line breaks before the data, or nobody listens', async () => {
    const rude = await raw((socket) => {
      socket.write('220 rude\r\n');
      socket.on('data', (chunk) => {
        if (String(chunk).startsWith('MAIL')) socket.destroy();
        else socket.write('250 rude\r\n');
      });
    });
    await assert.rejects(port(rude).send(message), failing('SMTP_NOT_SENT', 'retry'));
    await closing.splice(0)[0]?.();
    await assert.rejects(port(rude).send(message), failing('SMTP_NOT_SENT', 'retry'));
  });

  it('with an address that is none is refused before anything is sent', async () => {
    const number = await serve();
    await assert.rejects(port(number).send({ ...message, to: [] }), failing('MAIL_INVALID', 'dead-letter'));
    await port(number).send({ ...message, subject: 'a\r\nBcc: eve@example.com' });
    assert.doesNotMatch(inbox.at(-1) ?? '', /^Bcc:/im);
  });

  it('is refused where the endpoint is no mail server', () => {
    assert.throws(() => void noMail.send(message), FatalError);
  });

  async function raw(handle: (socket: Socket) => void): Promise<number> {
    const open = new Set<Socket>();
    const server: Server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => undefined);
      handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(
      () =>
        new Promise((resolve) => {
          for (const socket of open) socket.destroy();
          server.close(() => resolve());
        }),
    );
    return (server.address() as AddressInfo).port;
  }
});
