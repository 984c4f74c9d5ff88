/** Access tokens that outlive one call: held by the engine, one cache a partner, so that a connector stays without state. */
import type { CallContext } from './connector';
import type { HttpResponse } from './http';

export interface AccessToken {
  /** Value of the `Authorization` header, e.g. `Bearer ...`, or whatever the vendor's scheme wants. */
  value: string;
  /** Milliseconds from the moment it was issued; absent when the vendor does not say. */
  expiresInMs?: number;
}

export interface TokenCache {
  /**
   * The token under a name, asked for when there is none or it is about to expire. Calls that ask at the same time share one
   * request; a request that fails is nobody's token and the next call asks again.
   */
  get(name: string, ask: () => Promise<AccessToken>): Promise<string>;
  /** The vendor refused this value: the next `get` asks anew. A newer token under the name stays. */
  drop(name: string, value: string): void;
}

/** Sends one request under a kept token; a 401 drops it and tries once more with a new one, which is safe because a 401 was not carried out. */
export async function underKept(
  call: CallContext,
  name: string,
  ask: () => Promise<AccessToken>,
  send: (token: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const first = await call.tokens.get(name, ask);
  const response = await send(first);
  if (response.status !== 401) return response;
  call.tokens.drop(name, first);
  return send(await call.tokens.get(name, ask));
}
