/** Shipments: the number of a key, and the view that changes by compare-and-set. */
import { VersionConflictError } from '../../../model/errors';
import type { Lease } from '../../port';
import type { Database } from '../database';
import { checkFence } from './leases';

export interface ShipmentRow {
  key: string;
  version: number;
  view: string;
}

/** As it crosses the thread: the view is JSON already. */
export interface ShipmentInput {
  key: string;
  expectedVersion: number;
  view: string;
  watchAt: number | undefined;
}

/** The number of a shipment, given on its first mention. */
export function shipmentNumber(db: Database, key: string): number {
  const known = findNumber(db, key);
  if (known !== undefined) return known;
  const { rowId } = db.run('INSERT INTO shipments (key, version) VALUES (?, 0)', key);
  db.shipmentNumbers.set(key, rowId);
  return rowId;
}

/** The number of a shipment that was mentioned before. */
export function findNumber(db: Database, key: string): number | undefined {
  return db.shipmentNumbers.get(key) ?? find(db, key)?.seq;
}

function find(db: Database, key: string): { seq: number; version: number } | undefined {
  const found = db.get<{ seq: number; version: number }>(
    'SELECT seq, version FROM shipments WHERE key = ?',
    key,
  );
  if (found) db.shipmentNumbers.set(key, found.seq);
  return found;
}

export function shipment(db: Database, key: string): ShipmentRow | undefined {
  return db.get<ShipmentRow>('SELECT key, version, view FROM shipments WHERE key = ? AND version > 0', key);
}

export function shipments(db: Database, keys: string[]): ShipmentRow[] {
  return keys.flatMap((key) => shipment(db, key) ?? []);
}

/** @throws VersionConflictError when the view has moved on */
export function checkShipment(db: Database, { key, expectedVersion }: ShipmentInput): void {
  const stored = find(db, key)?.version ?? 0;
  if (stored !== expectedVersion) throw new VersionConflictError('shipment', key, expectedVersion, stored);
}

/** An earlier time stays, so that most facts leave the index of watched shipments as it is. */
export function writeShipment(db: Database, partition: number, { key, view, watchAt }: ShipmentInput): void {
  const known = db.shipmentNumbers.has(key);
  const written = db.run(
    `INSERT INTO shipments (key, version, view, partition, watch_at) VALUES (?, 1, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET version = shipments.version + 1, view = excluded.view, partition = excluded.partition,
       watch_at = min(coalesce(shipments.watch_at, excluded.watch_at), coalesce(excluded.watch_at, shipments.watch_at))`,
    key,
    view,
    partition,
    watchAt,
  );
  if (!known) db.shipmentNumbers.set(key, written.rowId);
}

/** By index shipments_watch. */
export function dueShipments(
  db: Database,
  partition: number,
  request: { now: number; limit: number },
): ShipmentRow[] {
  return db.all<ShipmentRow>(
    `SELECT key, version, view FROM shipments WHERE partition = ? AND watch_at IS NOT NULL AND watch_at <= ?
     ORDER BY watch_at LIMIT ?`,
    partition,
    request.now,
    request.limit,
  );
}

export function watchShipments(
  db: Database,
  lease: Lease,
  watches: { key: string; expectedVersion: number; at?: number }[],
): void {
  checkFence(db, lease);
  for (const { key, expectedVersion, at } of watches)
    db.run('UPDATE shipments SET watch_at = ? WHERE key = ? AND version = ?', at, key, expectedVersion);
}
