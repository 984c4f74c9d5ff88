/** The audit chain: every entry's hash covers the entry and the hash before it, so that nothing can be changed, dropped or put in unseen. */
import { canonicalJson, sha256Hex } from './keys';

/** `previousHash` of the first entry of a chain. */
export const chainStart = '0'.repeat(64);

/** One link: `seq` counts up by one within its chain. Everything else in the entry is covered by the hash too. */
export interface ChainLink {
  seq: number;
  previousHash: string;
  hash: string;
}

/**
 * Hash of an entry in its chain. `hash` and `previousHash` of the entry itself are left out: the one is the result, the other is `previousHash`.
 * The entry is hashed as it reads back from JSON, so storing it does not change its hash.
 */
export function chainHash(previousHash: string, entry: object): string {
  const { hash: _hash, previousHash: _previous, ...covered } = entry as Record<string, unknown>;
  return sha256Hex(`${previousHash}\n${canonicalJson(covered)}`);
}

export type ChainVerdict =
  | { ok: true; checked: number; lastHash: string }
  | { ok: false; checked: number; seq: number; reason: 'gap' | 'previous-hash' | 'hash' };

/**
 * Checks one chain, oldest first. Long chains are checked in pages: give the last hash and sequence number of the page before.
 * @param after where to go on; without it the entries must begin the chain (sequence number `firstSeq`, 1 when not given)
 */
export function verifyChain(
  entries: readonly ChainLink[],
  after?: { hash: string; seq: number },
  firstSeq = 1,
): ChainVerdict {
  let previous = after ?? { hash: chainStart, seq: firstSeq - 1 };
  let checked = 0;
  for (const entry of entries) {
    const broken = (reason: 'gap' | 'previous-hash' | 'hash'): ChainVerdict => ({
      ok: false,
      checked,
      seq: entry.seq,
      reason,
    });
    if (entry.seq !== previous.seq + 1) return broken('gap');
    if (entry.previousHash !== previous.hash) return broken('previous-hash');
    if (entry.hash !== chainHash(previous.hash, entry)) return broken('hash');
    previous = { hash: entry.hash, seq: entry.seq };
    checked += 1;
  }
  return { ok: true, checked, lastHash: previous.hash };
}
