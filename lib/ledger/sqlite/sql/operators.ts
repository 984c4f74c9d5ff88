/** Partner controls, idempotent requests and flow versions. */
import type { PartnerControl } from '../../operators';
import type { Database } from '../database';

export interface PartnerControlRow {
  partner: string;
  held: number;
  draining: number;
  mode: string | null;
  set_by: string;
  reason: string;
  at: number;
}

export function partnerControls(db: Database): PartnerControlRow[] {
  return db.all<PartnerControlRow>('SELECT * FROM partner_controls ORDER BY partner');
}

export function setPartnerControl(db: Database, control: PartnerControl): void {
  db.run(
    `INSERT INTO partner_controls (partner, held, draining, mode, set_by, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (partner) DO UPDATE SET held = excluded.held, draining = excluded.draining, mode = excluded.mode, set_by = excluded.set_by, reason = excluded.reason, at = excluded.at`,
    control.partner,
    control.held ? 1 : 0,
    control.draining ? 1 : 0,
    control.mode,
    control.by,
    control.reason,
    control.at,
  );
}

export interface RequestStart {
  key: string;
  actor: string;
  bodyHash: string;
  now: number;
  staleMs: number;
}
export type RequestAnswer =
  | { state: 'new' | 'in-flight' | 'mismatch' }
  | { state: 'done'; status: number; body: string };

interface RequestRow {
  body_hash: string;
  state: 'in-flight' | 'done';
  at: number;
  status: number | null;
  body: string | null;
}

/** A key belongs to its actor. */
export function beginRequest(db: Database, request: RequestStart): RequestAnswer {
  const known = db.get<RequestRow>(
    'SELECT body_hash, state, at, status, body FROM requests WHERE actor = ? AND key = ?',
    request.actor,
    request.key,
  );
  if (known && known.body_hash !== request.bodyHash) return { state: 'mismatch' };
  if (known?.state === 'done')
    return { state: 'done', status: known.status ?? 200, body: known.body ?? 'null' };
  if (known && request.now - known.at <= request.staleMs) return { state: 'in-flight' };
  db.run(
    `INSERT INTO requests (actor, key, body_hash, state, at) VALUES (?, ?, ?, 'in-flight', ?)
     ON CONFLICT (actor, key) DO UPDATE SET body_hash = excluded.body_hash, state = excluded.state, at = excluded.at, status = NULL, body = NULL`,
    request.actor,
    request.key,
    request.bodyHash,
    request.now,
  );
  return { state: 'new' };
}

/** The first answer stays. */
export function finishRequest(
  db: Database,
  request: { key: string; actor: string; status: number; body: string; now: number },
): void {
  db.run(
    `UPDATE requests SET state = 'done', status = ?, body = ?, at = ? WHERE actor = ? AND key = ? AND state = 'in-flight'`,
    request.status,
    request.body,
    request.now,
    request.actor,
    request.key,
  );
}

export interface FlowVersionRow {
  id: string;
  flow_id: string;
  label: string;
  content: string;
  author: string | null;
  at: number;
}

/** Content has its hash as id: the first one stays. */
export function saveFlowVersion(
  db: Database,
  version: {
    id: string;
    flowId: string;
    label: string;
    content: string;
    author?: string | undefined;
    at: number;
  },
): void {
  db.run(
    `INSERT INTO flow_versions (id, flow_id, label, content, author, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    version.id,
    version.flowId,
    version.label,
    version.content,
    version.author,
    version.at,
  );
}

export function flowVersion(db: Database, id: string): FlowVersionRow | undefined {
  return db.get<FlowVersionRow>('SELECT * FROM flow_versions WHERE id = ?', id);
}
