/** A rate with a burst of one second's worth; at least one. */
export class TokenBucket {
  private tokens: number;
  private at: number | undefined;

  constructor(readonly rate: number) {
    this.tokens = Math.max(1, rate);
  }

  /** Takes one; answers 0, or the milliseconds until there is one. */
  take(now: number): number {
    const elapsed = Math.max(0, now - (this.at ?? now));
    this.at = now;
    this.tokens = Math.min(Math.max(1, this.rate), this.tokens + (elapsed * this.rate) / 1000);
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.tokens) * 1000) / this.rate);
  }
}
