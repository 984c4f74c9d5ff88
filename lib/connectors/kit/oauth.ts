/** OAuth 2 client credentials (RFC 6749, 4.4) over the partner's own HTTP port; tokens are kept until they expire. */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext } from './connector';
import type { HttpRequest, HttpResponse } from './http';
import { isBusy, reading, retryAfterMs } from './outbound';
import { type AccessToken, underKept } from './tokens';

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  /** Seconds; some vendors send it as text. */
  expires_in: z.coerce.number().positive().optional(),
});
const tokenName = 'oauth';

/**
 * Sends one request under an access token. The token is asked for with each credential in turn, the current one first, so that a rotation
 * loses nothing; a 401 drops it and is tried once more with a new one, which is safe because a 401 was not carried out.
 * @param requests one token request per credential
 * @param send sends the request with the given `Authorization` value
 * @throws FatalError CREDENTIALS_REFUSED when no credential is accepted, RetryableError TOKEN_UNAVAILABLE when the vendor is busy
 */
export async function underToken(
  call: CallContext,
  requests: readonly HttpRequest[],
  send: (authorization: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  return underKept(call, tokenName, () => askForToken(call, requests), send);
}

async function askForToken(call: CallContext, requests: readonly HttpRequest[]): Promise<AccessToken> {
  for (const request of requests) {
    const response = await reading(() => call.http(request));
    const token = tokenAnswer.safeParse(response.json());
    if (response.status === 200 && token.success) {
      const { access_token: value, expires_in: seconds } = token.data;
      return {
        value: `Bearer ${value}`,
        ...(seconds === undefined ? {} : { expiresInMs: seconds * 1000 }),
      };
    }
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
