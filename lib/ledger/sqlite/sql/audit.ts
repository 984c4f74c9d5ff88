/** The audit chain: one a partition, each entry hashed over the one before. */
import { chainHash, chainStart } from '../../../model/audit';
import type { ChainHead } from '../../../model/audit-heads';
import type { AuditEntry, AuditSeed } from '../../operators';
import type { PageRequest } from '../../port';
import type { Database } from '../database';
import { Conditions, type RowPage, readPage } from './paging';

export interface AuditRow {
  partition: number;
  seq: number;
  id: string;
  at: number;
  actor: string;
  action: string;
  subject: string;
  reason: string | null;
  before: string | null;
  after: string | null;
  outcome: AuditSeed['outcome'];
  previous_hash: string;
  hash: string;
}

export function appendAudit(db: Database, partition: number, seeds: AuditSeed[]): AuditEntry[] {
  const last = db.get<{ seq: number; hash: string }>(
    'SELECT seq, hash FROM audit WHERE partition = ? ORDER BY seq DESC LIMIT 1',
    partition,
  );
  let seq = last?.seq ?? 0;
  let previousHash = last?.hash ?? chainStart;
  return seeds.map((seed) => {
    seq += 1;
    const link = { ...plain(seed), partition, seq };
    const entry = { ...link, previousHash, hash: chainHash(previousHash, link) };
    insert(db, entry);
    previousHash = entry.hash;
    return entry;
  });
}

/** As it will be read back: what JSON leaves out must not count in the hash. */
function plain(seed: AuditSeed): AuditSeed {
  const { reason, before, after, ...rest } = seed;
  return {
    ...rest,
    ...(reason === undefined ? {} : { reason }),
    ...(before === undefined ? {} : { before: JSON.parse(JSON.stringify(before)) }),
    ...(after === undefined ? {} : { after: JSON.parse(JSON.stringify(after)) }),
  };
}

function insert(db: Database, entry: AuditEntry): void {
  db.run(
    `INSERT INTO audit (partition, seq, id, at, actor, action, subject, reason, before, after, outcome, previous_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.partition,
    entry.seq,
    entry.id,
    entry.at,
    entry.actor,
    entry.action,
    entry.subject,
    entry.reason,
    entry.before === undefined ? null : JSON.stringify(entry.before),
    entry.after === undefined ? null : JSON.stringify(entry.after),
    entry.outcome,
    entry.previousHash,
    entry.hash,
  );
}

/** Newest first (indexes audit_at, audit_subject, audit_actor). */
export function audit(
  db: Database,
  filter: { subject?: string; actor?: string; partition?: number },
  page: PageRequest,
): RowPage<AuditRow> {
  const conditions = new Conditions()
    .equal('subject', filter.subject)
    .equal('actor', filter.actor)
    .equal('partition', filter.partition);
  const sort = { columns: ['at', 'partition', 'seq'], descending: true };
  return readPage<AuditRow>(db, 'SELECT * FROM audit', conditions, sort, page, (row) => [
    row.at,
    row.partition,
    row.seq,
  ]);
}

/** By the primary key, once a partition. */
export function chainHeads(db: Database, partitions: number): ChainHead[] {
  return Array.from({ length: partitions }, (_, partition) =>
    db.get<ChainHead>(
      'SELECT partition, seq, hash FROM audit WHERE partition = ? ORDER BY seq DESC LIMIT 1',
      partition,
    ),
  ).filter((head) => head !== undefined);
}

export function appendSignedHeads(db: Database, number: number, at: number, head: string): boolean {
  return (
    db.run(
      'INSERT INTO audit_heads (seq, at, head) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      number,
      at,
      head,
    ).changes === 1
  );
}

export function lastSignedHeads(db: Database): string | undefined {
  return db.get<{ head: string }>('SELECT head FROM audit_heads ORDER BY seq DESC LIMIT 1')?.head;
}

export function signedHeads(db: Database, fromNumber: number, limit: number): string[] {
  return db
    .all<{ head: string }>(
      'SELECT head FROM audit_heads WHERE seq >= ? ORDER BY seq LIMIT ?',
      fromNumber,
      limit,
    )
    .map((row) => row.head);
}

export function auditChain(db: Database, partition: number, fromSeq: number, limit: number): AuditRow[] {
  return db.all<AuditRow>(
    'SELECT * FROM audit WHERE partition = ? AND seq >= ? ORDER BY seq LIMIT ?',
    partition,
    fromSeq,
    limit,
  );
}
