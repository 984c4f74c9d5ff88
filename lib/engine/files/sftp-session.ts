/** One SFTP connection of a partner: opened when it is needed, shared by its calls, closed when it idles. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AnyAuthMethod, Client, ConnectConfig, SFTPWrapper } from 'ssh2';
import type { Secrets } from '../../connectors/kit/connector';
import { FatalError, RerouteError, RetryableError } from '../../model/errors';
import type { TargetPolicy } from '../partners/targets';

const idleMs = 30_000;

export interface SftpOptions {
  endpoint: string;
  secrets: Secrets;
  /** One exchange with the server, milliseconds. */
  timeoutMs: number;
  targets: TargetPolicy;
}

/** A connection that broke, or an answer that did not come: what was under way may have been done. */
export class SftpLostError extends RetryableError {
  constructor(message: string, cause?: unknown) {
    super('SFTP_LOST', message, { hint: 'It is tried again by itself.', cause });
  }
}

interface Open {
  client: Client;
  sftp: SFTPWrapper;
}

export class SftpSession {
  private opening: Promise<Open> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private users = 0;

  constructor(private readonly options: SftpOptions) {}

  /** Runs one exchange; a status that the server answers is rejected as it is, with its numeric `code`. */
  async exchange<T>(ask: (sftp: SFTPWrapper, done: (error: unknown, value?: T) => void) => void): Promise<T> {
    clearTimeout(this.idle);
    this.users += 1;
    try {
      const { client, sftp } = await this.open();
      return await this.timed(client, (done) => ask(sftp, done));
    } finally {
      this.users -= 1;
      if (this.users === 0) this.idle = setTimeout(() => void this.close(), idleMs).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.idle);
    const { opening } = this;
    this.opening = undefined;
    await opening?.then(
      ({ client }) => client.end(),
      () => undefined,
    );
  }

  private timed<T>(client: Client, ask: (done: (error: unknown, value?: T) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const lost = (why: string, cause?: unknown) => {
        clearTimeout(timer);
        reject(new SftpLostError(`the SFTP server did not answer: ${why}`, cause));
      };
      const onClose = () => lost('the connection was closed');
      const timer = setTimeout(() => {
        client.off('close', onClose);
        this.forget(client);
        client.destroy();
        lost(`nothing came within ${this.options.timeoutMs} ms`);
      }, this.options.timeoutMs);
      client.once('close', onClose);
      ask((error, value) => {
        clearTimeout(timer);
        client.off('close', onClose);
        if (!error) resolve(value as T);
        else if (isStatus(error)) reject(error);
        else lost(error instanceof Error ? error.message : String(error), error);
      });
    });
  }

  private open(): Promise<Open> {
    if (this.opening) return this.opening;
    const opening = connect(this.options, (client) => this.forget(client));
    this.opening = opening;
    opening.catch(() => {
      if (this.opening === opening) this.opening = undefined;
    });
    return opening;
  }

  private forget(client: Client): void {
    const { opening } = this;
    void opening?.then(
      (open) => {
        if (open.client === client && this.opening === opening) this.opening = undefined;
      },
      () => undefined,
    );
  }
}

/** SFTP status codes (draft-ietf-secsh-filexfer-02, section 7) that the server itself answered. */
export function isStatus(error: unknown): error is Error & { code: number } {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' && code !== 6 && code !== 7;
}

async function connect(options: SftpOptions, onClose: (client: Client) => void): Promise<Open> {
  const { Client } = (await import('ssh2')).default;
  const seen = { fingerprint: '', refused: false };
  const config = await configOf(options, seen);
  const address = await addressOf(options, config);
  return new Promise<Open>((resolve, reject) => {
    const client = new Client();
    const fail = (error: unknown) => {
      client.end();
      reject(refusalOf(error, seen, config));
    };
    client.on('error', fail);
    client.on('close', () => {
      onClose(client);
      fail(new Error('the connection was closed'));
    });
    client.on('ready', () => {
      // Small questions that wait for each other: gathering them would cost a delayed acknowledgement each.
      client.setNoDelay(true);
      client.sftp((error, sftp) => (error ? fail(error) : resolve({ client, sftp })));
    });
    client.connect({ ...config, host: address });
  });
}

/** Looked up here, so that what was checked is what is connected to. */
async function addressOf({ targets }: SftpOptions, config: ConnectConfig): Promise<string> {
  try {
    return await targets.resolve(config.host ?? '');
  } catch (error) {
    throw refusalOf(error, { fingerprint: '', refused: false }, config);
  }
}

async function configOf(
  { endpoint, secrets, timeoutMs }: SftpOptions,
  seen: { fingerprint: string; refused: boolean },
): Promise<ConnectConfig> {
  const url = new URL(endpoint);
  const pinned = secrets('sftpHostKey');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 22 : Number(url.port),
    username: userOf(url, secrets) ?? '',
    readyTimeout: timeoutMs,
    keepaliveInterval: 10_000,
    authHandler: await methodsOf(userOf(url, secrets), secrets),
    hostVerifier: (key: Buffer) => {
      seen.fingerprint = fingerprintOf(key);
      seen.refused = !pinned.some((text) => isKey(text, key, seen.fingerprint));
      return !seen.refused;
    },
  };
}

/** A user name may stand in the endpoint, a password never does. */
const userOf = (url: URL, secrets: Secrets): string | undefined =>
  secrets('sftpUser')[0] ?? (decodeURIComponent(url.username) || undefined);

const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** A fingerprint, or a whole public key as it stands in `known_hosts`. */
function isKey(text: string, key: Buffer, fingerprint: string): boolean {
  return text.split(/\s+/).some((word) => {
    if (word.startsWith('SHA256:'))
      return same(Buffer.from(word.replace(/=+$/, '')), Buffer.from(fingerprint));
    return word.startsWith('AAAA') && same(Buffer.from(word, 'base64'), key);
  });
}

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Every key, then every password, the current one first: a rotation loses nothing. */
async function methodsOf(username: string | undefined, secrets: Secrets): Promise<AnyAuthMethod[]> {
  const { utils } = (await import('ssh2')).default;
  if (username === undefined) throw credentials('no user name is configured (sftpUser, or in the endpoint)');
  const [passphrase] = secrets('sftpKeyPassphrase');
  const keys = secrets('sftpKey').map((text): AnyAuthMethod => {
    const parsed = utils.parseKey(text, passphrase);
    // A passphrase in the parser's own words never reaches a log.
    if (parsed instanceof Error) throw credentials('the private key (sftpKey) cannot be read');
    return { type: 'publickey', username, key: parsed };
  });
  const passwords = secrets('sftpPassword').flatMap((password): AnyAuthMethod[] => [
    { type: 'password', username, password },
    {
      type: 'keyboard-interactive',
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
    },
  ]);
  return [...keys, ...passwords];
}

function credentials(why: string): FatalError {
  return new FatalError('SFTP_CREDENTIALS', `the SFTP server cannot be logged in to: ${why}`, {
    hint: "Check the partner's SFTP secrets, then replay.",
  });
}

function refusalOf(
  error: unknown,
  seen: { fingerprint: string; refused: boolean },
  { host, port }: ConnectConfig,
): RerouteError {
  if (error instanceof RerouteError) return error;
  if (seen.refused) {
    return new FatalError(
      'SFTP_HOST_KEY',
      `${host}:${port} shows the host key ${seen.fingerprint}, which is not the one configured`,
      { hint: 'Compare it with the partner, then set it as sftpHostKey.', cause: error },
    );
  }
  const { level } = error as { level?: string };
  if (level === 'client-authentication') return credentials('it refused every credential');
  const text = error instanceof Error ? error.message : String(error);
  return new RetryableError('SFTP_NOT_CONNECTED', `no connection to ${host}:${port}: ${text}`, {
    hint: 'It is tried again by itself.',
    cause: error,
  });
}
