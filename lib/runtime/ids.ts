/** UUIDv7 (RFC 9562, 5.7), in order within a process. Randomness is drawn in blocks: a system call for each id costs more than the id. */
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const idBytes = 16;
const pool = new Uint8Array(idBytes * 256);
let at = pool.length;

let lastMs = 0;
let sequence = 0;

/** A new id, greater than every one before it in this process. */
export function newId(): string {
  const random = nextBytes();
  const now = Date.now();
  // The clock may stand still or step back; the sequence has 31 bits to go on with.
  if (now > lastMs) {
    lastMs = now;
    sequence = ((random[6] ?? 0) << 16) | ((random[7] ?? 0) << 8) | (random[8] ?? 0);
  } else sequence += 1;
  return v7({ random, msecs: lastMs, seq: sequence });
}

function nextBytes(): Uint8Array {
  if (at >= pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += idBytes;
  return pool.slice(at - idBytes, at);
}
