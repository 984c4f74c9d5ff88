/** Failed sign-ins are counted in a sliding window: for a name from one address, for the name, and for the address. */
import { LRUCache } from 'lru-cache';

export const signInLimits = {
  windowMs: 15 * 60_000,
  /** One name from one address. */
  pair: 5,
  /** One name from everywhere: high enough that a stranger cannot lock somebody out by five typing errors. */
  account: 50,
  /** One address, whatever the name. */
  address: 30,
  /** Names and addresses remembered at one time. */
  remembered: 50_000,
} as const;

export class SignInThrottle {
  private readonly failures = new LRUCache<string, number[]>({ max: signInLimits.remembered });

  /** Milliseconds until the next try is looked at; 0 when it may be made now. */
  waitMs(account: string, address: string, now: number): number {
    return Math.max(0, ...keysOf(account, address).map(([key, limit]) => this.waitOf(key, limit, now)));
  }

  failed(account: string, address: string, now: number): void {
    for (const [key, limit] of keysOf(account, address))
      this.failures.set(key, [...this.recent(key, now), now].slice(-limit));
  }

  /** Whoever knows the password is no guesser; what the address did to other names stays counted. */
  succeeded(account: string, address: string): void {
    this.failures.delete(`pair\n${account}\n${address}`);
  }

  private waitOf(key: string, limit: number, now: number): number {
    const recent = this.recent(key, now);
    const oldest = recent[0];
    return recent.length < limit || oldest === undefined ? 0 : oldest + signInLimits.windowMs - now;
  }

  private recent(key: string, now: number): number[] {
    return (this.failures.get(key) ?? []).filter((at) => at > now - signInLimits.windowMs);
  }
}

function keysOf(account: string, address: string): [key: string, limit: number][] {
  return [
    [`pair\n${account}\n${address}`, signInLimits.pair],
    [`account\n${account}`, signInLimits.account],
    [`address\n${address}`, signInLimits.address],
  ];
}
