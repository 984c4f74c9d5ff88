/** KeyStore over the channels. */
import { FatalError } from '../../../model/errors';
import type { DataKey, KeyStore } from '../../keys';
import type { DataKeyRow } from '../sql/keys-at-rest';
import { type Channels, present } from './codec';

export function keyStore({ writer, reader }: Channels): KeyStore {
  const dataKeys = async (ids: string[]) => (await writer.call('dataKeys', ids)).map(toDataKey);
  return {
    dataKeys,
    async addDataKey(key) {
      await writer.call('addDataKey', key);
      const [kept] = await dataKeys([key.id]);
      if (!kept) throw new FatalError('DATA_KEY_LOST', `the data key ${key.id} was not kept`);
      return kept;
    },
    dataKeyRings: () => writer.call('dataKeyRings'),
    dataKeysNotUnder: async (ring, limit) =>
      (await writer.call('dataKeysNotUnder', ring, limit)).map(toDataKey),
    rewrapDataKeys: (keys) => writer.call('rewrapDataKeys', keys),
    async subjectsOfRaws(rawIds) {
      const rows = await reader.call('subjectsOfRaws', rawIds);
      const bySource = Map.groupBy(rows, (row) => row.rawId);
      return rawIds.map((rawId) => ({
        rawId,
        subjects: (bySource.get(rawId) ?? []).map((row) => row.subject),
      }));
    },
    rawsOfOrderKeys: (orderKeys) => reader.call('rawsOfOrderKeys', orderKeys),
    shred: (what, at) => writer.call('shred', what, at),
  };
}

function toDataKey(row: DataKeyRow): DataKey {
  return present<DataKey>({ id: row.id, ring: row.ring, wrapped: row.wrapped });
}
