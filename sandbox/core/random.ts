/** Seeded randomness: the same seed and the same words give the same numbers on every machine. */
import { createHash } from 'node:crypto';

/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** mulberry32: 32 bits of state, plenty for test data and fault dice, never for secrets. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A stream of its own for each thing: `streamOf(7, 'order', '4711')` never depends on what was drawn elsewhere. */
export function streamOf(seed: number, ...words: string[]): Random {
  const digest = createHash('sha256')
    .update([String(seed), ...words].join('\u0000'))
    .digest();
  return seeded(digest.readUInt32BE(0));
}

/** An integer from `low` to `high`, both included. */
export function integer(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** One of a non-empty list. */
export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[integer(random, 0, list.length - 1)] ?? list[0];
}

/** `length` decimal digits. */
export function digits(random: Random, length: number): string {
  return Array.from({ length }, () => integer(random, 0, 9)).join('');
}

/** `length` lower-case hex digits. */
export function hex(random: Random, length: number): string {
  return Array.from({ length }, () => integer(random, 0, 15).toString(16)).join('');
}
