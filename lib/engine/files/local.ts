/** A folder of this machine behind a `file:` endpoint. */
import { constants } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FatalError, RetryableError } from '../../model/errors';
import { FileNotWrittenError, type Folder, temporaryName, tooLarge } from './folder';

/** Nothing but a person mends these. */
const fatal = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG', 'ELOOP']);
/** File systems that have no hard links say one of these. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const absent = (error: unknown): boolean => codeOf(error) === 'ENOENT';

export function localFolder(endpoint: string): Folder {
  const root = fileURLToPath(endpoint);
  const at = (path: string) => join(root, path);
  return {
    async names(dir) {
      try {
        const entries = await readdir(at(dir), { withFileTypes: true });
        return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      } catch (error) {
        if (absent(error)) return undefined;
        throw failed(`list ${dir}`, error);
      }
    },
    async stat(path) {
      try {
        const { size, mtimeMs } = await stat(at(path));
        return { size, modifiedAt: mtimeMs };
      } catch (error) {
        if (absent(error)) return undefined;
        throw failed(`look at ${path}`, error);
      }
    },
    read: (path, maxBytes) => readWhole(at(path), path, maxBytes),
    write: (dir, name, body) => writeWhole(at(dir), name, body),
    move: (from, to) =>
      moveTo(at(from), at(to)).catch((error: unknown) => {
        throw failed(`move ${from}`, error);
      }),
    async makeFolder(dir) {
      await mkdir(at(dir), { recursive: true }).catch((error: unknown) => {
        throw failed(`make the folder ${dir}`, error);
      });
    },
    close: async () => undefined,
  };
}

function failed(what: string, error: unknown): FatalError | RetryableError {
  const code = codeOf(error);
  const text = `could not ${what}: ${code || String(error)}`;
  if (!fatal.has(code)) return new RetryableError('FILE_FAILED', text, { cause: error });
  return new FatalError('FILE_REFUSED', text, {
    hint: 'Give the process the right to read, write and rename in the folder of the endpoint.',
    cause: error,
  });
}

async function readWhole(file: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    // A symbolic link could lead anywhere: whoever fills the inbox would read our disk through us.
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (absent(error)) return undefined;
    throw error instanceof FatalError ? error : failed(`read ${path}`, error);
  }
}

async function writeWhole(dir: string, name: string, body: Uint8Array): Promise<void> {
  const temporary = join(dir, temporaryName(name));
  try {
    await mkdir(dir, { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(body);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(dir, name));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const failure = failed(`write ${name}`, error);
    throw failure instanceof FatalError ? failure : new FileNotWrittenError(failure.message, error);
  }
  await syncFolder(dir);
}

/** A rename is durable once its folder is; where folders cannot be synced the file system keeps its own promise. */
async function syncFolder(dir: string): Promise<void> {
  try {
    const handle = await open(dir, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file is there; a power cut now costs a repetition at most.
  }
}

/** A link refuses to replace, a rename would not. */
async function moveTo(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!noLinks.has(codeOf(error))) throw error;
    if (await stat(to).catch(() => undefined)) throw Object.assign(new Error('taken'), { code: 'EEXIST' });
    await rename(from, to);
    return;
  }
  await unlink(from);
}
