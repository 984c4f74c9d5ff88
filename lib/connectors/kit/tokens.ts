/** Access tokens that outlive one call: held by the engine, one cache a partner, so that a connector stays without state. */

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
