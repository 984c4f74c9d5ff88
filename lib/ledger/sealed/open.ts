/** Opens the ledger that a URL names, sealed when there is a key ring. */
import { FatalError } from '../../model/errors';
import { openLedger } from '../open';
import type { Ledger } from '../port';
import type { SqliteOptions } from '../sqlite/engine';
import { sealedLedger } from './index';
import { rewrapped } from './key-box';
import type { KeyRing } from './ring';

/**
 * @throws FatalError PAYLOAD_KEY_MISSING when the ledger holds what no key of the ring opens: nothing starts that would take sealed bytes
 * for payloads
 */
export async function openSealedLedger(
  url: string,
  ring: (() => KeyRing) | undefined,
  options: SqliteOptions = {},
): Promise<Ledger> {
  const ledger = await openLedger(url, options);
  const known = ring?.().byId;
  const missing = (await ledger.dataKeyRings()).filter(({ ring: id }) => !known?.has(id));
  if (missing.length > 0) {
    await ledger.close();
    const names = missing.map(({ ring: id, count }) => `${id} (${count} payloads)`).join(', ');
    throw new FatalError('PAYLOAD_KEY_MISSING', `REROUTE_PAYLOAD_KEYS lacks keys that are in use: ${names}`, {
      hint: 'Put them back at the end of the ring; `reroute ledger reencrypt` makes old ones dispensable.',
    });
  }
  return ring ? sealedLedger(ledger, ring) : ledger;
}

/** Puts every data key under the ring's current key, a batch at a time, while others read and write. Answers how many were. */
export async function reencrypt(ledger: Ledger, ring: KeyRing, batch = 500): Promise<number> {
  for (let total = 0; ; ) {
    const keys = await ledger.dataKeysNotUnder(ring.current.id, batch);
    if (keys.length === 0) return total;
    const next = keys.flatMap(({ id, ring: from, wrapped }) =>
      wrapped === undefined ? [] : [rewrapped(ring, { id, ring: from, wrapped })],
    );
    total += await ledger.rewrapDataKeys(next);
  }
}
