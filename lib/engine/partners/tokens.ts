/** The token cache of one partner: single flight, and a token is renewed before it expires. */
import type { AccessToken, TokenCache } from '../../connectors/kit/tokens';

/** A token this close to its end is not used for another call. */
const marginMs = 30_000;
/** For vendors that do not say: short enough to notice a revocation, long enough to be worth keeping. */
const unknownLifetimeMs = 5 * 60_000;

interface Held {
  value: string;
  until: number;
}

export class Tokens implements TokenCache {
  private readonly held = new Map<string, Held>();
  private readonly asking = new Map<string, Promise<string>>();

  constructor(private readonly now: () => number) {}

  async get(name: string, ask: () => Promise<AccessToken>): Promise<string> {
    const held = this.held.get(name);
    if (held !== undefined && held.until > this.now()) return held.value;
    const under = this.asking.get(name);
    if (under !== undefined) return under;
    const asked = this.ask(name, ask).finally(() => this.asking.delete(name));
    this.asking.set(name, asked);
    return asked;
  }

  private async ask(name: string, ask: () => Promise<AccessToken>): Promise<string> {
    const { value, expiresInMs = unknownLifetimeMs } = await ask();
    // A lifetime shorter than the margin still serves the calls that waited for it.
    this.held.set(name, { value, until: this.now() + Math.max(expiresInMs - marginMs, expiresInMs / 2) });
    return value;
  }

  drop(name: string, value: string): void {
    if (this.held.get(name)?.value === value) this.held.delete(name);
  }
}
