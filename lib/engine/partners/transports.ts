/** The ports of a partner by the scheme of its endpoint; a port that the endpoint is not for refuses every call. */
import type { FilePort, MailPort, Transport } from '../../connectors/kit/transport';
import { FatalError } from '../../model/errors';

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
