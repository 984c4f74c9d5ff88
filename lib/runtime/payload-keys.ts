/** The key ring, read again when its file changes: a key is added or retired without a restart. */
import { readFileSync, statSync } from 'node:fs';
import { type KeyRing, parseKeyRing } from '../ledger/sealed/ring';

/** How often the file is looked at, milliseconds. */
const recheckMs = 5_000;

/** @throws FatalError PAYLOAD_KEYS at once when the ring cannot be used */
export function ringOf(text: string | undefined, file: string | undefined): (() => KeyRing) | undefined {
  if (text === undefined) return undefined;
  let ring = parseKeyRing(text);
  if (file === undefined || file === '') return () => ring;
  let stamp = stampOf(file);
  let checkedAt = Date.now();
  return () => {
    if (Date.now() - checkedAt < recheckMs) return ring;
    checkedAt = Date.now();
    const seen = stampOf(file);
    if (seen === undefined || seen === stamp) return ring;
    stamp = seen;
    ring = readAgain(file) ?? ring;
    return ring;
  };
}

/** A file that is being written, or holds no ring, leaves the ring as it was: what is sealed must stay readable. */
function readAgain(file: string): KeyRing | undefined {
  try {
    return parseKeyRing(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function stampOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stats && `${stats.mtimeNs}:${stats.size}:${stats.ino}`;
}
