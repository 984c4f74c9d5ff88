/** An SFTP server in this process over a folder of the machine, by ssh2's own server side. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import {
  type Attributes,
  type AuthContext,
  type Client,
  type Connection,
  Server,
  type SFTPWrapper,
  utils,
} from 'ssh2';

const { STATUS_CODE, flagsToString } = utils.sftp;

export interface SftpServer {
  url: string;
  port: number;
  /** `SHA256:...` of the host key. */
  fingerprint: string;
  hostKey: string;
  /** A private key that the server takes for any user, and one that it does not know. */
  clientKey: string;
  strangerKey: string;
  password: string;
  /** Every request, e.g. `RENAME /out/x`. */
  seen: string[];
  /** What the server does at the next request of a name: hang up before or after doing it. */
  hangUp: { at: string; when: 'before' | 'after' } | undefined;
  connections: number;
  /** Who was let in. */
  users: string[];
  stop(): Promise<void>;
}

export async function startSftp(root: string): Promise<SftpServer> {
  const keys = ['host', 'client', 'stranger'].map(() => utils.generateKeyPairSync('ed25519'));
  const [host, client, stranger] = keys as [KeyPair, KeyPair, KeyPair];
  const known = utils.parseKey(client.public);
  const hostKey = utils.parseKey(host.public);
  if (known instanceof Error || hostKey instanceof Error) throw new Error('no keys');
  const state: SftpServer = {
    url: '',
    port: 0,
    fingerprint: `SHA256:${createHash('sha256').update(hostKey.getPublicSSH()).digest('base64').replace(/=+$/, '')}`,
    hostKey: host.public,
    clientKey: client.private,
    strangerKey: stranger.private,
    password: 'open sesame',
    seen: [],
    hangUp: undefined,
    connections: 0,
    users: [],
    stop: async () => undefined,
  };
  const open = new Set<Connection>();
  const server = new Server({ hostKeys: [host.private] }, (connection) => {
    state.connections += 1;
    open.add(connection);
    // ssh2 has it, its types do not.
    connection.on('ready', () => (connection as unknown as Client).setNoDelay(true));
    connection.on('error', () => undefined);
    connection.on('close', () => open.delete(connection));
    connection.on('authentication', (context) => {
      if (!state.users.includes(context.username)) state.users.push(context.username);
      if (isKnown(context, state.password, known.getPublicSSH(), known)) context.accept();
      else context.reject(['publickey', 'password', 'keyboard-interactive']);
    });
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => serve(acceptSftp(), root, state, () => connection.end()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.port = (server.address() as AddressInfo).port;
  state.url = `sftp://127.0.0.1:${state.port}`;
  state.stop = () =>
    new Promise((resolve) => {
      for (const connection of open) connection.end();
      server.close(() => resolve());
    });
  return state;
}

type KeyPair = { private: string; public: string };

function isKnown(
  context: AuthContext,
  password: string,
  publicKey: Buffer,
  key: { verify(data: Buffer, signature: Buffer): boolean | Error },
): boolean {
  if (context.method === 'password') return context.password === password;
  if (context.method !== 'publickey' || !context.key.data.equals(publicKey)) return false;
  return !context.signature || !context.blob || key.verify(context.blob, context.signature) === true;
}

interface OpenFile {
  fd?: number;
  list?: string[];
  path: string;
}

function serve(sftp: SFTPWrapper, root: string, state: SftpServer, hangUp: () => void): void {
  const handles = new Map<number, OpenFile>();
  let next = 0;
  const here = (path: string) => join(root, path);
  const fileOf = (handle: Buffer) => handles.get(handle.readUInt32BE(0));
  const newHandle = (file: OpenFile) => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(next);
    handles.set(next, file);
    next += 1;
    return handle;
  };
  /** Notes the request, and answers what `act` throws as a status. */
  const on = (name: string, path: string, id: number, act: () => void) => {
    state.seen.push(`${name} ${path}`);
    const fault = state.hangUp?.at === name ? state.hangUp.when : undefined;
    if (fault) state.hangUp = undefined;
    if (fault === 'before') {
      hangUp();
      return;
    }
    try {
      if (fault === 'after') {
        sftp.status = () => undefined as never;
      }
      act();
      if (fault === 'after') hangUp();
    } catch (error) {
      sftp.status(id, statusOf(error));
    }
  };
  sftp.on('OPEN', (id, path, flags) =>
    on('OPEN', path, id, () => {
      const fd = openSync(here(path), flagsToString(flags) ?? 'r');
      sftp.handle(id, newHandle({ fd, path }));
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    on('WRITE', fileOf(handle)?.path ?? '', id, () => {
      writeSync(fileOf(handle)?.fd ?? -1, data, 0, data.length, offset);
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    on('READ', fileOf(handle)?.path ?? '', id, () => {
      const buffer = Buffer.alloc(length);
      const count = readSync(fileOf(handle)?.fd ?? -1, buffer, 0, length, offset);
      if (count === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, count));
    }),
  );
  sftp.on('CLOSE', (id, handle) => {
    const file = fileOf(handle);
    if (file?.fd !== undefined) closeSync(file.fd);
    handles.delete(handle.readUInt32BE(0));
    sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on('FSTAT', (id, handle) =>
    on('FSTAT', '', id, () => sftp.attrs(id, attributesOf(fstatSync(fileOf(handle)?.fd ?? -1)))),
  );
  const look = (id: number, path: string) =>
    on('STAT', path, id, () => sftp.attrs(id, attributesOf(lstatSync(here(path)))));
  sftp.on('STAT', look);
  sftp.on('LSTAT', look);
  sftp.on('OPENDIR', (id, path) =>
    on('OPENDIR', path, id, () => sftp.handle(id, newHandle({ list: readdirSync(here(path)), path }))),
  );
  sftp.on('READDIR', (id, handle) => {
    const file = fileOf(handle);
    const names = file?.list?.splice(0, 100) ?? [];
    if (names.length === 0) sftp.status(id, STATUS_CODE.EOF);
    else
      sftp.name(
        id,
        names.map((filename) => ({
          filename,
          longname: filename,
          attrs: attributesOf(lstatSync(here(join(file?.path ?? '', filename)))),
        })),
      );
  });
  sftp.on('MKDIR', (id, path) =>
    on('MKDIR', path, id, () => {
      mkdirSync(here(path));
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on('REMOVE', (id, path) =>
    on('REMOVE', path, id, () => {
      unlinkSync(here(path));
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  /** As OpenSSH does it: a plain rename never replaces. */
  sftp.on('RENAME', (id, from, to) =>
    on('RENAME', to, id, () => {
      if (existsSync(here(to))) throw new Error(`${basename(to)} is there`);
      renameSync(here(from), here(to));
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on('REALPATH', (id, path) =>
    sftp.name(id, [{ filename: path === '.' ? '/' : path, longname: path, attrs: {} as Attributes }]),
  );
}

function statusOf(error: unknown): number {
  const { code } = error as { code?: string };
  if (code === 'ENOENT') return STATUS_CODE.NO_SUCH_FILE;
  return code === 'EACCES' || code === 'EPERM' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}

function attributesOf({ mode, size, uid, gid, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, size, uid, gid, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}
