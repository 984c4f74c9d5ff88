/** A folder at an SFTP server behind an `sftp:` endpoint (draft-ietf-secsh-filexfer-02, version 3, which is what servers speak). */
import type { SFTPWrapper } from 'ssh2';
import { FatalError, type RerouteError, RetryableError } from '../../model/errors';
import {
  FileAmbiguousError,
  FileNotWrittenError,
  type FileStat,
  type Folder,
  temporaryName,
  tooLarge,
} from './folder';
import { isStatus, SftpLostError, type SftpOptions, SftpSession } from './sftp-session';

const noSuchFile = 2;
const permissionDenied = 3;
const chunkBytes = 256 * 1024;

export function sftpFolder(options: SftpOptions): Folder {
  return new SftpFolder(new SftpSession(options), rootOf(options.endpoint));
}

/** The path of the URL is absolute; none, and what begins with `/~/`, stands in the home of the user. */
function rootOf(endpoint: string): string {
  const path = decodeURIComponent(new URL(endpoint).pathname).replace(/\/+$/, '');
  if (path === '' || path === '/~') return '.';
  return path.startsWith('/~/') ? path.slice(3) : path;
}

class SftpFolder implements Folder {
  constructor(
    private readonly session: SftpSession,
    private readonly root: string,
  ) {}

  async names(dir: string): Promise<string[] | undefined> {
    const list = await this.ask<{ filename: string; attrs: { isFile(): boolean } }[]>(
      `list ${dir}`,
      (sftp, done) => sftp.readdir(this.at(dir), done),
    );
    return list?.filter(({ attrs }) => attrs.isFile()).map(({ filename }) => filename);
  }

  async stat(path: string): Promise<FileStat | undefined> {
    const found = await this.ask<{ size: number; mtime: number }>(`look at ${path}`, (sftp, done) =>
      sftp.lstat(this.at(path), done),
    );
    return found && { size: found.size, modifiedAt: found.mtime * 1000 };
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const handle = await this.ask<Buffer>(`open ${path}`, (sftp, done) =>
      sftp.open(this.at(path), 'r', done),
    );
    if (handle === undefined) return undefined;
    try {
      return await this.readAll(handle, path, maxBytes);
    } finally {
      await this.ask(`close ${path}`, (sftp, done) => sftp.close(handle, done)).catch(() => undefined);
    }
  }

  async write(dir: string, name: string, body: Uint8Array): Promise<void> {
    const temporary = this.at(`${dir}/${temporaryName(name)}`);
    try {
      await this.makeFolder(dir);
      await this.session.exchange<void>((sftp, done) => sftp.writeFile(temporary, Buffer.from(body), done));
    } catch (error) {
      await this.remove(temporary);
      const failure = failed(`write ${name}`, error);
      throw failure instanceof FatalError ? failure : new FileNotWrittenError(failure.message, error);
    }
    try {
      await this.replace(temporary, this.at(`${dir}/${name}`));
    } catch (error) {
      // The question was asked; without an answer the file may stand there.
      if (error instanceof SftpLostError)
        throw new FileAmbiguousError(`could not rename to ${name}: ${error.message}`, error);
      await this.remove(temporary);
      const failure = failed(`rename to ${name}`, error);
      throw failure instanceof FatalError ? failure : new FileNotWrittenError(failure.message, error);
    }
  }

  async move(from: string, to: string): Promise<void> {
    try {
      await this.session.exchange<void>((sftp, done) => sftp.rename(this.at(from), this.at(to), done));
    } catch (error) {
      throw failed(`move ${from}`, error);
    }
  }

  async makeFolder(dir: string): Promise<void> {
    if (dir === '' || dir === '.' || (await this.stat(dir))) return;
    await this.makeFolder(dir.split('/').slice(0, -1).join('/'));
    try {
      await this.session.exchange<void>((sftp, done) => sftp.mkdir(this.at(dir), done));
    } catch (error) {
      if (await this.stat(dir)) return;
      throw failed(`make the folder ${dir}`, error);
    }
  }

  close(): Promise<void> {
    return this.session.close();
  }

  private at(path: string): string {
    return path === '' || path === '.' ? this.root : path.startsWith('/') ? path : `${this.root}/${path}`;
  }

  /** Undefined where the server says that there is no such file. */
  private async ask<T>(
    what: string,
    send: (sftp: SFTPWrapper, done: (error: unknown, value?: T) => void) => void,
  ): Promise<T | undefined> {
    try {
      return await this.session.exchange<T>(send);
    } catch (error) {
      if (isStatus(error) && error.code === noSuchFile) return undefined;
      throw failed(what, error);
    }
  }

  private async readAll(handle: Buffer, path: string, maxBytes: number): Promise<Uint8Array> {
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = await this.ask<Buffer>(`read ${path}`, (sftp, done) =>
        sftp.read(handle, Buffer.alloc(chunkBytes), 0, chunkBytes, size, (error, count, buffer) =>
          isEnd(error) ? done(undefined, Buffer.alloc(0)) : done(error, buffer?.subarray(0, count)),
        ),
      );
      if (chunk === undefined || chunk.length === 0) return Buffer.concat(chunks);
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      chunks.push(chunk);
    }
  }

  /** `posix-rename@openssh.com` replaces; plain rename does not, so without the extension the old file goes first. */
  private async replace(from: string, to: string): Promise<void> {
    try {
      await this.session.exchange<void>((sftp, done) => {
        try {
          sftp.ext_openssh_rename(from, to, done);
        } catch {
          sftp.unlink(to, () => sftp.rename(from, to, done));
        }
      });
    } catch (error) {
      if (!isStatus(error) || error.code === permissionDenied) throw error;
      await this.session.exchange<void>((sftp, done) => sftp.unlink(to, () => sftp.rename(from, to, done)));
    }
  }

  private async remove(path: string): Promise<void> {
    await this.session.exchange<void>((sftp, done) => sftp.unlink(path, done)).catch(() => undefined);
  }
}

/** Status 1 is the end of the file; ssh2 says it as an error or as nothing read. */
const isEnd = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === 1;

function failed(what: string, error: unknown): RerouteError {
  if (error instanceof FatalError || error instanceof RetryableError) return error;
  const text = `could not ${what}: ${error instanceof Error ? error.message : String(error)}`;
  if (!isStatus(error) || error.code !== permissionDenied)
    return new RetryableError('FILE_FAILED', text, { hint: 'It is tried again by itself.', cause: error });
  return new FatalError('FILE_REFUSED', text, {
    hint: 'Give our user at the SFTP server the right to read, write and rename in its folders.',
    cause: error,
  });
}
