/** OAuth 2 client credentials (RFC 6749, 4.4) over the partner's own HTTP port. */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext } from './connector';
import type { HttpRequest, HttpResponse } from './http';
import { isBusy, reading, retryAfterMs } from './outbound';

const tokenAnswer = z.object({ access_token: z.string().min(1) });

/**
 * Asks for a token with each credential in turn, the current one first, so that a rotation loses nothing.
 * @param requests one token request per credential
 * @returns `Bearer ...`
 * @throws FatalError CREDENTIALS_REFUSED when none is accepted, RetryableError TOKEN_UNAVAILABLE when the vendor is busy.
 */
export async function clientCredentials(
  call: CallContext,
  requests: readonly HttpRequest[],
): Promise<string> {
  for (const request of requests) {
    const response = await reading(() => call.http(request));
    const token = tokenAnswer.safeParse(response.json());
    if (response.status === 200 && token.success) return `Bearer ${token.data.access_token}`;
    if (isBusy(response) || response.status >= 500) throw unavailable(response, call.now);
  }
  throw new FatalError('CREDENTIALS_REFUSED', 'the vendor issued no token for the configured credentials', {
    hint: "Check the partner's client id and secret.",
  });
}

/** Pairs of ids and secrets as they rotate together; the last id goes on where there are fewer ids than secrets. */
export function credentialPairs(call: CallContext, id: string, secret: string): [string, string][] {
  const ids = call.secrets(id);
  return call.secrets(secret).flatMap((value, at) => {
    const owner = ids[at] ?? ids.at(-1);
    return owner === undefined ? [] : [[owner, value] as [string, string]];
  });
}

function unavailable(response: HttpResponse, now: number): RetryableError {
  const after = retryAfterMs(response, now);
  return new RetryableError('TOKEN_UNAVAILABLE', `the token endpoint answered HTTP ${response.status}`, {
    hint: 'It is tried again by itself.',
    ...(after === undefined ? {} : { retryAfterMs: after }),
  });
}
