/** A partner's folder, on this machine or at an SFTP server: what the outbound port and the inbox need of it. */
import { randomBytes } from 'node:crypto';
import { FatalError, RetryableError, UnknownOutcomeError } from '../../model/errors';

export interface FileStat {
  size: number;
  /** Epoch milliseconds as the file system says it; only compared with itself. */
  modifiedAt: number;
}

/** Paths are relative to the endpoint's folder, with `/` between the parts. */
export interface Folder {
  /** Names of the plain files and unreadable entries of a folder; undefined when there is no such folder. */
  names(dir: string): Promise<string[] | undefined>;
  stat(path: string): Promise<FileStat | undefined>;
  /** @throws FatalError FILE_TOO_LARGE beyond `maxBytes` */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Whole or not at all: a temporary name, then a rename that replaces. Durable where the file system can be asked for it. */
  write(dir: string, name: string, body: Uint8Array): Promise<void>;
  /** Never onto a file that is there: `to` must be free. */
  move(from: string, to: string): Promise<void>;
  makeFolder(dir: string): Promise<void>;
  close(): Promise<void>;
}

/** @throws FatalError FILE_NAME for what is no single, visible file name */
export function checkFileName(name: string): string {
  const plain = name.length > 0 && Buffer.byteLength(name) <= 200 && !name.startsWith('.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (plain && !/[/\\\u0000-\u001f\u007f]/.test(name)) return name;
  throw new FatalError(
    'FILE_NAME',
    'a file name is a single name of 1 to 200 bytes that begins with no dot',
    {
      hint: 'Correct the name that the operation derives.',
    },
  );
}

/** Where a file is written before it is whole: hidden, and beside its final place, so that the rename stays in one file system. */
export const temporaryName = (name: string): string => `.${name}.${randomBytes(6).toString('hex')}.tmp`;

/** The file is not there under its name: sending it again is safe. */
export class FileNotWrittenError extends RetryableError {
  constructor(message: string, cause?: unknown) {
    super('FILE_NOT_WRITTEN', message, { hint: 'It is tried again by itself.', cause });
  }
}

/** The rename was asked for and not answered: the file may be there. */
export class FileAmbiguousError extends UnknownOutcomeError {
  constructor(message: string, cause?: unknown) {
    super('FILE_NO_ANSWER', message, {
      hint: 'Whether the file is there is looked up before it is written again.',
      cause,
    });
  }
}

export const fileTooLarge = 'FILE_TOO_LARGE';
export const tooLarge = (path: string, maxBytes: number): FatalError =>
  new FatalError(fileTooLarge, `${path} is larger than ${maxBytes} bytes`, {
    hint: "Raise the partner's size limit, or have the sender split its files.",
  });
