/** The ports of a partner by the scheme of its endpoint; a port that the endpoint is not for refuses every call. */
import type { ConnectorManifest, Secrets } from '../../connectors/kit/connector';
import type { FilePort, MailPort, Transport } from '../../connectors/kit/transport';
import { FatalError } from '../../model/errors';
import { checkFileName, type Folder } from '../files/folder';
import { localFolder } from '../files/local';
import { sftpFolder } from '../files/sftp';
import { smtpPort } from '../mail/smtp';
import type { TargetPolicy } from './targets';

const schemes: Readonly<Record<string, Transport>> = {
  'http:': 'http',
  'https:': 'http',
  'file:': 'file',
  'sftp:': 'sftp',
  'smtp:': 'smtp',
  'smtps:': 'smtp',
};

/** The transport of an endpoint; undefined for what is no URL of a known scheme. */
export function transportOf(endpoint: string): Transport | undefined {
  return schemes[URL.parse(endpoint)?.protocol ?? ''];
}

function refuse(what: string): () => never {
  return () => {
    throw new FatalError('TRANSPORT', `the partner's endpoint is not for ${what}`, {
      hint: 'Correct the endpoint of its partner node: file: and sftp: for files, smtp: and smtps: for mail, http: and https: for calls.',
    });
  };
}

export const noFiles: FilePort = { write: refuse('files'), read: refuse('files') };
export const noMail: MailPort = { send: refuse('mail') };

/** What is wrong with an endpoint, as a sentence; undefined when a partner of this connector may have it. */
export function endpointProblem(endpoint: string, manifest: ConnectorManifest): string | undefined {
  if (endpoint === '') return undefined;
  const allowed: readonly Transport[] = manifest.transports ?? ['http'];
  const url = URL.parse(endpoint);
  const transport = transportOf(endpoint);
  const names = allowed.map((one) => examples[one]).join(' or ');
  if (!url || !transport || !allowed.includes(transport)) return `The endpoint must be a URL like ${names}.`;
  const namesUser = url.username !== '' && transport !== 'sftp' && transport !== 'smtp';
  if (url.password !== '' || namesUser)
    return 'The endpoint must be without credentials: they are secrets of their own.';
  if (transport === 'file' && (!endpoint.startsWith('file:///') || url.pathname === '/'))
    return 'The endpoint must name a folder of this machine: file:///path/to/folder.';
  if (transport !== 'file' && url.hostname === '') return 'The endpoint names no host.';
  return undefined;
}

const examples: Readonly<Record<Transport, string>> = {
  http: 'https://host/path',
  file: 'file:///folder',
  sftp: 'sftp://host/folder',
  smtp: 'smtp://host:587 or smtps://host:465',
};

export interface TransportOptions {
  endpoint: string;
  secrets: Secrets;
  timeoutMs: number;
  targets: TargetPolicy;
}

/** The folder of a `file:` or `sftp:` endpoint; undefined for any other. */
export function folderOf(options: TransportOptions): Folder | undefined {
  const transport = transportOf(options.endpoint);
  if (transport === 'file') return localFolder(options.endpoint);
  return transport === 'sftp' ? sftpFolder(options) : undefined;
}

export function filePort(folder: Folder | undefined, outbox: string, maxBytes: number): FilePort {
  if (folder === undefined) return noFiles;
  return {
    write: async (name, body) => folder.write(outbox, checkFileName(name), body),
    read: async (name) => folder.read(`${outbox}/${checkFileName(name)}`, maxBytes),
  };
}

export function mailPort(options: TransportOptions): MailPort {
  return transportOf(options.endpoint) === 'smtp' ? smtpPort(options) : noMail;
}
