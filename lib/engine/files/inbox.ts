/**
 * Files that a partner drops into its inbox. A file is taken when it is whole, made durable by intake, and only then moved to
 * `done`; what cannot be taken goes to `rejected`. A crash between the two leaves it in the inbox: it is taken again and dropped
 * by its dedup key.
 */
import { extname } from 'node:path';
import type { InboundRequest } from '../../connectors/kit/connector';
import type { Lease } from '../../ledger/port';
import { isRerouteError, RetryableError } from '../../model/errors';
import type { Logger } from '../deps';
import { deliver, type Take } from '../polling/deliver';
import type { Interval } from '../polling/interval';
import type { Round, Task } from '../polling/task';
import { type FileStat, type Folder, fileTooLarge } from './folder';

export interface Folders {
  inbox: string;
  outbox: string;
  done: string;
  rejected: string;
}

export const defaultFolders: Folders = {
  inbox: 'in',
  outbox: 'out',
  done: 'in/done',
  rejected: 'in/rejected',
};

export interface InboxOptions {
  partner: string;
  folder: Folder;
  folders: Folders;
  interval: Interval;
  /** A file is whole when it looks the same after this long; 0 where the sender renames what is whole. */
  settleMs: number;
  maxBytes: number;
  take: Take;
  /** Runs one exchange with the folder under the partner's limits. */
  exchange<T>(ask: () => Promise<T>): Promise<T>;
  now(): number;
  newId(): string;
  log: Logger;
}

/** Names under which senders write what is not whole yet. */
const unfinished = /^\.|\.(tmp|temp|part|partial|filepart|crdownload|writing|uploading)$|~$/i;
const filesPerRound = 500;

const mediaTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.edi': 'application/edi-consent',
  '.x12': 'application/edi-x12',
  '.edifact': 'application/edifact',
};

interface Look extends FileStat {
  at: number;
}

export class InboxTask implements Task {
  readonly kind = 'files';
  readonly interval: Interval;
  /** How the files looked when they were first seen so. */
  private looks = new Map<string, Look>();
  /** Files that could not be moved or read: they are left until the others are done. */
  private stuck = new Set<string>();

  constructor(private readonly options: InboxOptions) {
    this.interval = options.interval;
  }

  async round(_lease: Lease, stopped: () => boolean): Promise<Round> {
    const names = await this.names();
    const chosen = names.filter((name) => !this.stuck.has(name)).slice(0, filesPerRound);
    const again = chosen.length === 0 ? names.slice(0, filesPerRound) : chosen;
    if (chosen.length === 0) this.stuck.clear();
    this.forget(new Set(names));
    let news = 0;
    let problem: unknown;
    let waiting: number | undefined;
    for (const name of again) {
      if (stopped()) break;
      const settlesAt = await this.settlesAt(name);
      if (settlesAt === undefined) continue;
      if (settlesAt > this.options.now()) {
        waiting = Math.min(waiting ?? settlesAt, settlesAt);
        continue;
      }
      try {
        if (await this.takeOne(name, stopped)) news += 1;
      } catch (error) {
        if (!isRerouteError(error) || !ofOneFile.has(error.code)) throw error;
        this.stuck.add(name);
        problem = error;
      }
    }
    const more = news > 0 && names.length > again.length;
    return {
      news,
      more,
      ...(waiting === undefined ? {} : { dueAt: waiting }),
      ...(problem === undefined ? {} : { problem }),
    };
  }

  /** In the order of their names, which is how senders number what must stay in order. */
  private async names(): Promise<string[]> {
    const { folder, folders, exchange } = this.options;
    const names = await exchange(async () => {
      const found = await folder.names(folders.inbox);
      if (found !== undefined) return found;
      await folder.makeFolder(folders.inbox);
      return [];
    });
    return names.filter((name) => !unfinished.test(name)).sort();
  }

  /** When the file may be taken; undefined when it is gone. A change of size or time begins anew. */
  private async settlesAt(name: string): Promise<number | undefined> {
    const { folder, folders, exchange, settleMs, now } = this.options;
    if (settleMs === 0) return now();
    const stat = await exchange(() => folder.stat(`${folders.inbox}/${name}`));
    if (stat === undefined) return undefined;
    const before = this.looks.get(name);
    if (before?.size === stat.size && before.modifiedAt === stat.modifiedAt) return before.at + settleMs;
    this.looks.set(name, { ...stat, at: now() });
    return now() + settleMs;
  }

  /** Answers whether it was new. */
  private async takeOne(name: string, stopped: () => boolean): Promise<boolean> {
    const { folders, exchange, maxBytes, take, log, partner } = this.options;
    const path = `${folders.inbox}/${name}`;
    let body: Uint8Array | undefined;
    try {
      body = await exchange(() => this.readWhole(path));
    } catch (error) {
      if (!isRerouteError(error) || error.code !== fileTooLarge) throw error;
      log.warn(
        { partner, file: name, limitBytes: maxBytes },
        'a file is larger than the limit: it was put aside',
      );
      await this.moveTo(folders.rejected, name);
      return false;
    }
    if (body === undefined) return false;
    const taken = await deliver(take, requestOf(name, body), stopped);
    await this.moveTo(taken.durable ? folders.done : folders.rejected, name);
    this.looks.delete(name);
    return taken.durable && taken.isNew;
  }

  /** A file that grew while it was read is not whole: it is looked at anew. */
  private async readWhole(path: string): Promise<Uint8Array | undefined> {
    const { folder, maxBytes } = this.options;
    const body = await folder.read(path, maxBytes);
    const after = body && (await folder.stat(path));
    if (body === undefined || after === undefined) return undefined;
    if (after.size === body.byteLength) return body;
    throw new RetryableError('FILE_GROWING', `${path} changed while it was read`, {
      hint: 'It is read again when it is whole.',
    });
  }

  /** Never onto a file of that name from before. */
  private async moveTo(target: string, name: string): Promise<void> {
    const { folder, folders, exchange, newId } = this.options;
    await exchange(async () => {
      await folder.makeFolder(target);
      const taken = await folder.stat(`${target}/${name}`);
      const ending = extname(name);
      const free =
        taken === undefined ? name : `${name.slice(0, name.length - ending.length)}.${newId()}${ending}`;
      await folder.move(`${folders.inbox}/${name}`, `${target}/${free}`);
    });
  }

  private forget(present: ReadonlySet<string>): void {
    for (const name of this.looks.keys()) if (!present.has(name)) this.looks.delete(name);
    for (const name of this.stuck) if (!present.has(name)) this.stuck.delete(name);
  }
}

/** Codes of what is wrong with one file; anything else the others would meet too. */
const ofOneFile: ReadonlySet<string> = new Set(['FILE_FAILED', 'FILE_REFUSED', 'FILE_GROWING']);

function requestOf(name: string, body: Uint8Array): InboundRequest {
  // Header values are ASCII (RFC 9110, 5.5); what is not is percent-encoded.
  const fileName = name.replace(/[^\x21-\x7e]/gu, (sign) => encodeURIComponent(sign));
  const mediaType = mediaTypes[extname(name).toLowerCase()] ?? 'application/octet-stream';
  return { headers: { 'content-type': mediaType, 'x-file-name': fileName }, body };
}
