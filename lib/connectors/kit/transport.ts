/** Ways to a partner that are not HTTP: a folder or SFTP server for files, an SMTP server for mail. */

/**
 * By the scheme of a partner's endpoint: `http:`/`https:`, `file:` (a folder on this machine), `sftp:`, `smtp:`/`smtps:`.
 */
export const transports = ['http', 'file', 'sftp', 'smtp'] as const;
export type Transport = (typeof transports)[number];

/** File names are single names, never paths. Errors carry the fates of `HttpNotSentError` and `HttpAmbiguousError`: not there, or unknown; a missing right is fatal. */
export interface FilePort {
  /**
   * Puts a file into the partner's outbound folder as a whole: it is written under a temporary name and renamed, so that nobody
   * reads half of it. The same name again replaces it.
   */
  write(name: string, body: Uint8Array): Promise<void>;
  /** The bytes of a file put there before; undefined when it is not there (any more). */
  read(name: string): Promise<Uint8Array | undefined>;
}

export interface MailMessage {
  from: string;
  to: readonly string[];
  cc?: readonly string[];
  subject: string;
  text: string;
  html?: string;
  /** RFC 5322 `Message-ID` without angle brackets; the same one again lets a mail system drop the copy. */
  messageId: string;
  /** `In-Reply-To` and `References`: the message that opened the conversation. */
  inReplyTo?: string;
  headers?: Readonly<Record<string, string>>;
  attachments?: readonly { fileName: string; mediaType: string; body: Uint8Array }[];
}

export interface MailReceipt {
  accepted: readonly string[];
  rejected: readonly string[];
  /** The server's last reply, e.g. `250 2.0.0 Ok: queued as 4Z1x`. */
  response: string;
}

export interface MailPort {
  /**
   * Hands a message to the partner's SMTP server. A 5xx reply of the server is returned as rejected recipients or thrown as FatalError SMTP_REFUSED;
   * a 4xx is RetryableError SMTP_BUSY; a connection lost before the whole message had left RetryableError SMTP_NOT_SENT, afterwards `HttpAmbiguousError`.
   */
  send(message: MailMessage): Promise<MailReceipt>;
}
