/** IntakeStore and LeaseStore over the channels. */
import type { AcceptItem, IntakeStore, RawPayload } from '../../intake';
import type { LeaseStore } from '../../port';
import type { AcceptRow, RawRow } from '../sql/intake';
import { type Channels, fromJson } from './codec';

export function leaseStore({ writer }: Channels): LeaseStore {
  return {
    acquire: (request) => writer.call('acquire', request),
    renew: (request) => writer.call('renew', request),
    release: (request) => writer.call('release', request),
  };
}

export function intakeStore({ writer }: Channels): IntakeStore {
  return {
    accept: (partition, items, claim) => writer.call('accept', partition, items.map(toRow), claim),
    async rawPayload(id) {
      const row = await writer.call('rawPayload', id);
      return row && toRawPayload(row);
    },
    backlog: () => writer.call('backlog'),
  };
}

/** A body that is a view on a larger buffer is copied: the clone would carry the whole buffer across. */
function toRow(item: AcceptItem): AcceptRow {
  const whole = item.body.byteLength === item.body.buffer.byteLength;
  return {
    ...item,
    headers: JSON.stringify(item.headers),
    body: whole ? item.body : new Uint8Array(item.body),
  };
}

function toRawPayload(row: RawRow): RawPayload {
  return {
    id: row.id,
    partition: row.partition,
    partner: row.partner,
    dedupKey: row.dedup_key,
    contentHash: row.content_hash,
    orderKey: row.order_key,
    mediaType: row.media_type,
    headers: fromJson(row.headers) ?? {},
    body: row.body,
    receivedAt: row.received_at,
    correlationId: row.correlation_id,
  };
}
