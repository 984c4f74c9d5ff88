/** The commit of a record: facts, shipment views, case changes, the runs they start and audit entries, all or nothing. */
import { VersionConflictError } from '../../../model/errors';
import type { IdentifierToken } from '../../cases';
import type { AuditSeed } from '../../operators';
import type { Database } from '../database';
import { appendAudit } from './audit';
import { type CaseInput, checkCase, writeCase } from './cases';
import { factNumber } from './facts';
import { linkTokens } from './links';
import { insertRun, type RunInput } from './runs';
import { checkShipment, type ShipmentInput, shipmentNumber, writeShipment } from './shipments';

/** A fact as it crosses the thread. `fact` and `tokens` are JSON. */
export interface FactInput {
  id: string;
  subject: string;
  code: string | undefined;
  recordedAt: number;
  partner: string;
  rawId: string | undefined;
  runId: string | undefined;
  fact: string;
  tokens: string;
}

export interface RecordInput {
  facts: FactInput[];
  shipments: ShipmentInput[];
  cases: CaseInput[];
  runs: RunInput[];
  audit: AuditSeed[];
  now: number;
}

/** Every version is checked before anything is written. */
export function record(db: Database, partition: number, commit: RecordInput): ('appended' | 'duplicate')[] {
  for (const shipment of commit.shipments) checkShipment(db, shipment);
  checkDistinct(commit.cases);
  const standings = commit.cases.map((write) => checkCase(db, write));
  for (const shipment of commit.shipments) writeShipment(db, partition, shipment);
  const answers = commit.facts.map((fact) => appendFact(db, partition, fact, commit.now));
  commit.cases.forEach((write, at) => {
    writeCase(db, partition, write, standings[at], commit.now);
  });
  for (const seed of commit.runs) insertRun(db, partition, seed, commit.now);
  if (commit.audit.length > 0) appendAudit(db, partition, commit.audit);
  return answers;
}

/** Two open cases for one (tenant, subject, code) in one commit are as wrong as a second one in the ledger. */
function checkDistinct(writes: CaseInput[]): void {
  const seen = new Map<string, CaseInput>();
  for (const write of writes) {
    const key = JSON.stringify([write.tenant, write.subject, write.code]);
    const other = seen.get(key);
    if (write.open && other) throw new VersionConflictError('open case', other.id, 0, other.version);
    if (write.open) seen.set(key, write);
  }
}

function appendFact(db: Database, partition: number, fact: FactInput, now: number): 'appended' | 'duplicate' {
  if (factNumber(db, fact.id) !== undefined) return 'duplicate';
  const shipment = shipmentNumber(db, fact.subject);
  const inserted = db.run(
    `INSERT INTO facts (id, partition, partner, shipment, code, recorded_at, raw_id, run_id, fact, tokens)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    fact.id,
    partition,
    fact.partner,
    shipment,
    fact.code,
    fact.recordedAt,
    fact.rawId,
    fact.runId,
    fact.fact,
    fact.tokens,
  );
  db.keys.add('fact', fact.id, inserted.rowId);
  const tokens = JSON.parse(fact.tokens) as IdentifierToken[];
  linkTokens(db, shipment, tokens, { fact: inserted.rowId, at: now, by: fact.partner });
  return 'appended';
}
