/** Intake: dedup, journal and enqueue in one pass over the items. */
import type { AcceptItem, AcceptResult } from '../../intake';
import type { Database } from '../database';
import { insertDeadLetter } from './dead-letters';
import { addDataKey } from './keys-at-rest';
import { checkFence } from './leases';
import { countFlow } from './measures';
import { countMove, hasLive, otherThan, runStateCode } from './queue';
import { findNumber } from './shipments';

/** An item as it crosses the thread: headers are JSON already. */
export type AcceptRow = Omit<AcceptItem, 'headers'> & { headers: string };

export interface RawRow {
  id: string;
  partition: number;
  partner: string;
  dedup_key: string;
  content_hash: string;
  order_key: string;
  media_type: string;
  headers: string;
  body: Uint8Array;
  received_at: number;
  correlation_id: string;
}

const rawColumns = `id, partition, partner, dedup_key, content_hash, order_key, media_type, headers, body, received_at,
  correlation_id`;

export function accept(
  db: Database,
  partition: number,
  items: AcceptRow[],
  claim?: { fence: number },
): AcceptResult[] {
  if (claim) checkFence(db, { partition, fence: claim.fence });
  return items.map((item) => acceptOne(db, partition, item, claim !== undefined));
}

function acceptOne(db: Database, partition: number, item: AcceptRow, claim: boolean): AcceptResult {
  const known = firstOf(db, item);
  if (known) return repeated(db, partition, item, known);
  const first = db.run(
    `INSERT INTO raw (${rawColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...rawValues(partition, item),
  );
  db.keys.add('raw', rawKey(item), first.rowId);
  if (item.dataKey) addDataKey(db, item.dataKey);
  const free = !hasLive(db, partition, item.orderKey);
  const claimed = claim && free;
  const state = claimed ? runStateCode.running : free ? runStateCode.ready : runStateCode.behind;
  const run = db.run(
    `INSERT INTO runs (id, partition, state, attempt, kind, raw_seq, order_key, partner, correlation_id, due_at, created_at,
       started_at) VALUES (?, ?, ?, 1, 'raw', ?, ?, ?, ?, ?, ?8, ?)`,
    item.id,
    partition,
    state,
    first.rowId,
    item.orderKey,
    item.partner,
    otherThan(item.id, item.correlationId),
    item.receivedAt,
    claimed ? item.receivedAt : null,
  );
  countMove(db, item.partner, undefined, state);
  countFlow(db, 'accepted', item.receivedAt, item.partner);
  const unseen = claimed && findNumber(db, item.orderKey) === undefined;
  return { status: 'accepted', id: item.id, runId: item.id, seq: run.rowId, claimed, unseen };
}

interface FirstRow {
  id: string;
  content_hash: string;
  correlation_id: string;
}

/** As the key index hashes it: a partner's name holds no line break. */
const rawKey = (item: AcceptRow): string => `${item.partner}\n${item.dedupKey}`;

/** The delivery that came first under this key. */
function firstOf(db: Database, item: AcceptRow): FirstRow | undefined {
  return db.keys.find(db, 'raw', rawKey(item), (seq) =>
    db.get<FirstRow>(
      'SELECT id, content_hash, correlation_id FROM raw WHERE seq = ? AND dedup_key = ? AND partner = ? AND first_id IS NULL',
      seq,
      item.dedupKey,
      item.partner,
    ),
  );
}

/** The key is known: a duplicate when the content is, too, else a conflict that is kept once per content. */
function repeated(db: Database, partition: number, item: AcceptRow, first: FirstRow): AcceptResult {
  if (first.content_hash === item.contentHash) {
    countFlow(db, 'duplicate', item.receivedAt, item.partner);
    return { status: 'duplicate', id: first.id, correlationId: first.correlation_id };
  }
  const known = db.get<{ id: string }>(
    `SELECT id FROM raw WHERE dedup_key = ? AND partner = ? AND content_hash = ? AND first_id IS NOT NULL`,
    item.dedupKey,
    item.partner,
    item.contentHash,
  );
  if (known) return { status: 'conflict', id: known.id, firstId: first.id };
  db.run(
    `INSERT INTO raw (${rawColumns}, first_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...rawValues(partition, item),
    first.id,
  );
  if (item.dataKey) addDataKey(db, item.dataKey);
  quarantine(db, partition, item, first.id);
  return { status: 'conflict', id: item.id, firstId: first.id };
}

function quarantine(db: Database, partition: number, item: AcceptRow, firstId: string): void {
  const reason = {
    code: 'DEDUP_CONFLICT',
    message: `the key ${item.dedupKey} was used before for other content (payload ${firstId})`,
    hint: 'Compare both payloads; replay this one when it is the right one, else discard it.',
  };
  insertDeadLetter(db, partition, {
    id: item.id,
    kind: 'raw',
    ref: item.id,
    partner: item.partner,
    reasonCode: reason.code,
    reason: JSON.stringify(reason),
    fingerprint: `${item.partner}|accept|${reason.code}`,
    attempt: 1,
    at: item.receivedAt,
    correlationId: item.correlationId,
  });
}

function rawValues(partition: number, item: AcceptRow): (string | number | Uint8Array)[] {
  return [
    item.id,
    partition,
    item.partner,
    item.dedupKey,
    item.contentHash,
    item.orderKey,
    item.mediaType,
    item.headers,
    item.body,
    item.receivedAt,
    item.correlationId,
  ];
}

/** Through its run; a conflicting payload, which has none, by its own index. */
export function rawPayload(db: Database, id: string): RawRow | undefined {
  return (
    db.get<RawRow>(
      `SELECT ${rawColumns} FROM raw WHERE seq = (SELECT raw_seq FROM runs WHERE id = ? AND kind = 'raw')`,
      id,
    ) ?? db.get<RawRow>(`SELECT ${rawColumns} FROM raw WHERE id = ? AND first_id IS NOT NULL`, id)
  );
}

export function backlog(db: Database): { total: number; byPartner: Record<string, number> } {
  const byPartner: Record<string, number> = {};
  let total = 0;
  for (const { key, n } of db.all<{ key: string; n: number }>(
    "SELECT key, n FROM counters WHERE kind = 'live' AND n <> 0",
  )) {
    total += n;
    if (key !== '') byPartner[key] = n;
  }
  return { total, byPartner };
}
