/** Unwrapped data keys, for as long as they are in use. */
import { LRUCache } from 'lru-cache';
import { FatalError } from '../../model/errors';
import type { DataKey, KeyStore } from '../keys';
import { type KeyRing, newDataKey, seal, unseal } from './ring';

/** A data key that was shredded elsewhere opens nothing here after this time, milliseconds. */
const rememberMs = 60_000;
const remembered = 20_000;

export const documentsKey = 'documents';
const wrapBound = (id: string): string => `data key ${id}`;

export class KeyBox {
  private readonly known = new LRUCache<string, Uint8Array>({ max: remembered, ttl: rememberMs });

  constructor(
    private readonly store: Pick<KeyStore, 'dataKeys' | 'addDataKey'>,
    private readonly ring: () => KeyRing,
  ) {}

  /** A new key with its wrapping, not kept yet. */
  make(id: string): { key: Uint8Array; dataKey: Required<DataKey> } {
    const { current } = this.ring();
    const key = newDataKey();
    this.known.set(id, key);
    return { key, dataKey: { id, ring: current.id, wrapped: seal(current.key, key, wrapBound(id)) } };
  }

  /** The key of messages that are kept with runs; made when it is asked for first. */
  async documents(): Promise<Uint8Array> {
    const known = this.known.get(documentsKey);
    if (known) return known;
    const [stored] = await this.store.dataKeys([documentsKey]);
    const kept = stored ?? (await this.store.addDataKey(this.make(documentsKey).dataKey));
    return this.unwrap(kept);
  }

  /** Of each id the key; undefined for what was never sealed. @throws FatalError PAYLOAD_SHREDDED, PAYLOAD_KEY_MISSING */
  async open(ids: string[]): Promise<Map<string, Uint8Array>> {
    const keys = new Map<string, Uint8Array>();
    const unknown: string[] = [];
    for (const id of ids) {
      const known = this.known.get(id);
      if (known) keys.set(id, known);
      else unknown.push(id);
    }
    if (unknown.length > 0)
      for (const dataKey of await this.store.dataKeys(unknown)) keys.set(dataKey.id, this.unwrap(dataKey));
    return keys;
  }

  private unwrap({ id, ring, wrapped }: DataKey): Uint8Array {
    if (!wrapped) throw shredded(id);
    const key = unseal(ringKey(this.ring(), ring), wrapped, wrapBound(id));
    this.known.set(id, key);
    return key;
  }
}

export function shredded(id: string): FatalError {
  return new FatalError('PAYLOAD_SHREDDED', `payload ${id} was made unreadable for good`, {
    hint: 'The audit says who did it and why.',
  });
}

/** The same data key under the ring's current key. */
export function rewrapped(ring: KeyRing, { id, ring: from, wrapped }: Required<DataKey>) {
  const key = unseal(ringKey(ring, from), wrapped, wrapBound(id));
  return { id, from, ring: ring.current.id, wrapped: seal(ring.current.key, key, wrapBound(id)) };
}

function ringKey(ring: KeyRing, id: string): Uint8Array {
  const found = ring.byId.get(id);
  if (found) return found.key;
  throw new FatalError(
    'PAYLOAD_KEY_MISSING',
    `REROUTE_PAYLOAD_KEYS has no key ${id}, which is still in use`,
    {
      hint: 'Put it back at the end of the ring; `reroute ledger reencrypt` makes it dispensable.',
    },
  );
}
