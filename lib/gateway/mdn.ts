/**
 * The receipt that an AS2 sender asks for with its delivery (RFC 4130, section 7; RFC 8098): an unsigned, synchronous disposition
 * notification. Given once the bytes are durable. No receipt is made where it would claim what was not checked: signed or
 * encrypted content, a signature that is demanded, a receipt to another address.
 */
import { createHash, randomUUID } from 'node:crypto';

export interface Receipt {
  headers: Record<string, string>;
  body: string;
}

/** Digests a sender may ask for (`signed-receipt-micalg`), as RFC 4130 and RFC 5751 name them, and as node:crypto does. */
const digests: Readonly<Record<string, string>> = {
  sha1: 'sha1',
  'sha-1': 'sha1',
  sha256: 'sha256',
  'sha-256': 'sha256',
  sha384: 'sha384',
  'sha-384': 'sha384',
  sha512: 'sha512',
  'sha-512': 'sha512',
};

const opaqueContent = /^(multipart\/signed|multipart\/encrypted|application\/(x-)?pkcs7-)/i;
/** What is echoed: visible ASCII within the bounds of the standard. */
const name = /^[\x20-\x7e]{1,128}$/;
const messageId = /^[\x21-\x7e]{1,998}$/;

/** Undefined when no receipt was asked for, or none can be given. Header names are lower case. */
export function receiptFor(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  received: { id: string },
): Receipt | undefined {
  if (headers['disposition-notification-to'] === undefined) return undefined;
  if (headers['receipt-delivery-option'] !== undefined) return undefined;
  if (opaqueContent.test(headers['content-type']?.trim() ?? '')) return undefined;
  const options = optionsOf(headers['disposition-notification-options'] ?? '');
  if (options.get('signed-receipt-protocol')?.[0] === 'required') return undefined;
  const from = headers['as2-from'] ?? '';
  const to = headers['as2-to'] ?? '';
  const original = headers['message-id'] ?? '';
  if (!name.test(from) || !name.test(to) || !messageId.test(original)) return undefined;
  const boundary = `reroute-${randomUUID()}`;
  return {
    headers: {
      'as2-version': '1.2',
      'as2-from': to,
      'as2-to': from,
      'message-id': `<${randomUUID()}@reroute>`,
      'mime-version': '1.0',
      'content-type': `multipart/report; report-type=disposition-notification; boundary="${boundary}"`,
    },
    body: report(
      boundary,
      [
        `Final-Recipient: rfc822; ${to}`,
        `Original-Message-ID: ${original}`,
        'Disposition: automatic-action/MDN-sent-automatically; processed',
        ...integrity(options, body),
      ],
      `The message ${original} was received and is kept as ${received.id}. That it was read without fault is not said here.`,
    ),
  };
}

/** `name=importance, value, value; name=...` (RFC 8098, 2.2), lower case. */
function optionsOf(text: string): Map<string, string[]> {
  return new Map(
    text
      .toLowerCase()
      .split(';')
      .map((one) => one.split('=', 2).map((word) => word.trim()))
      .map(([option = '', values = '']) => [option, values.split(',').map((value) => value.trim())]),
  );
}

/** Over the content without its headers, as 7.3.1 says for what is neither signed nor encrypted. */
function integrity(options: Map<string, string[]>, body: Uint8Array): string[] {
  const asked = options.get('signed-receipt-micalg')?.find((algorithm) => digests[algorithm] !== undefined);
  if (asked === undefined) return [];
  const digest = createHash(digests[asked] ?? 'sha256')
    .update(body)
    .digest('base64');
  return [`Received-content-MIC: ${digest}, ${asked}`];
}

function report(boundary: string, fields: string[], words: string): string {
  return [
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    words,
    '',
    `--${boundary}`,
    'Content-Type: message/disposition-notification',
    '',
    'Reporting-UA: reroute',
    ...fields,
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n');
}
