/**
 * Standard Webhooks, as https://developer.shipbob.com/webhooks describes it: HMAC-SHA256 over `{id}.{timestamp}.{body}` under the decoded bytes
 * behind `whsec_`; the header lists signatures, each behind its version.
 */
import { createHmac } from 'node:crypto';
import type { InboundRequest, Verification } from '../kit/connector';
import { sameText } from '../kit/signature';

/** A delivery signed longer ago is a replay: the tolerance of the Standard Webhooks libraries. */
const toleranceMs = 5 * 60_000;

const unpadded = (base64: string) => base64.replace(/=+$/, '');

function signaturesOf(header: string): string[] {
  return header
    .split(' ')
    .slice(0, 10)
    .flatMap((item) => (item.startsWith('v1,') ? [unpadded(item.slice(3).trim())] : []));
}

export function verifyWebhook(
  { headers, body }: InboundRequest,
  secrets: readonly string[],
  now: number,
): Verification {
  if (secrets.length === 0) return { ok: false, reason: 'no signing secret is configured for this partner' };
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  if (id === undefined || timestamp === undefined || signature === undefined)
    return { ok: false, reason: 'the signature headers are missing' };
  const signedAt = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN;
  if (!(Math.abs(now - signedAt) <= toleranceMs))
    return { ok: false, reason: 'the signature is older or newer than five minutes' };
  let matched = false;
  for (const secret of secrets) {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const expected = unpadded(
      createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64'),
    );
    // No early end: the time taken does not tell which key matched.
    for (const given of signaturesOf(signature)) matched = sameText(expected, given) || matched;
  }
  return matched ? { ok: true } : { ok: false, reason: 'the signature does not match the body' };
}
