/** Shipments: the number of a key, and the view that changes by compare-and-set. */
import { VersionConflictError } from '../../../model/errors';
import type { Database } from '../database';

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

export function writeShipment(db: Database, { key, view }: ShipmentInput): void {
  const known = db.shipmentNumbers.has(key);
  const written = db.run(
    `INSERT INTO shipments (key, version, view) VALUES (?, 1, ?)
     ON CONFLICT (key) DO UPDATE SET version = version + 1, view = excluded.view`,
    key,
    view,
  );
  if (!known) db.shipmentNumbers.set(key, written.rowId);
}
