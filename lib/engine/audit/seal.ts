/** Signs the heads of the audit chains: every few minutes while they grow, at the end, and whenever an export is made. */
import type { KeyObject } from 'node:crypto';
import type { Ledger } from '../../ledger/port';
import { keyFingerprint, publicKeyOf, type SignedHeads, signHeads } from '../../model/audit-heads';
import { RetryableError } from '../../model/errors';

export interface SealDeps {
  ledger: Pick<Ledger, 'chainHeads' | 'lastSignedHeads' | 'appendSignedHeads'>;
  key: KeyObject;
  now(): number;
  onError(error: unknown): void;
}

/** What was added since the last signature could still be cut off unseen: this long at the most, milliseconds. */
export const sealEveryMs = 5 * 60_000;
const maxRaces = 20;

export class AuditSeal {
  private timer: NodeJS.Timeout | undefined;
  readonly fingerprint: string;

  constructor(private readonly deps: SealDeps) {
    this.fingerprint = keyFingerprint(publicKeyOf(deps.key));
  }

  start(everyMs = sealEveryMs): void {
    this.timer = setInterval(() => void this.seal().catch(this.deps.onError), everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.seal().catch(this.deps.onError);
  }

  /** Signs what has grown; undefined when nothing has. */
  seal(): Promise<SignedHeads | undefined> {
    return this.sign(false);
  }

  /** Signs the end of every chain: what an export ends with. */
  async sealAll(): Promise<SignedHeads> {
    const signed = await this.sign(true);
    if (!signed) throw new RetryableError('AUDIT_SEAL', 'the heads could not be signed');
    return signed;
  }

  private async sign(everything: boolean): Promise<SignedHeads | undefined> {
    const { ledger, key, now } = this.deps;
    for (let race = 0; race < maxRaces; race += 1) {
      const before = await ledger.lastSignedHeads();
      const [heads, known] = await Promise.all([ledger.chainHeads(), this.known(before)]);
      const grown = everything ? heads : heads.filter(({ partition, seq }) => known.get(partition) !== seq);
      if (grown.length === 0 && !everything) return undefined;
      const signed = signHeads({ heads: grown, at: now(), before }, key);
      if (await ledger.appendSignedHeads(signed)) {
        this.last = {
          number: signed.number,
          seqs: new Map(heads.map(({ partition, seq }) => [partition, seq])),
        };
        return signed;
      }
    }
    throw new RetryableError('AUDIT_RACES', `others signed the heads ${maxRaces} times in a row`);
  }

  private last: { number: number; seqs: Map<number, number> } | undefined;

  /** What this process signed last; another one's signature, or a new start, signs everything once more. */
  private known(before: SignedHeads | undefined): Map<number, number> {
    return before !== undefined && this.last?.number === before.number ? this.last.seqs : new Map();
  }
}
