/**
 * Tables of the SQLite ledger. Rows are small and in order of arrival; what is asked of live work is answered by partial
 * indexes that hold live work only, so that the cost of a run does not grow with the number of settled ones.
 */
import type { Migration } from '../migration';

const leases = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL);
CREATE TABLE leases (partition INTEGER PRIMARY KEY, fence INTEGER NOT NULL, owner TEXT, expires_at INTEGER NOT NULL);
CREATE TABLE counters (kind TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
`;

/**
 * A payload is found by its run's raw_seq, which saves an index on the hottest table. A conflicting payload (same key, other
 * content) has no run: it names the first one in first_id, stands outside the key's index and has an index of its own.
 */
const intake = `
CREATE TABLE raw (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, partition INTEGER NOT NULL, partner TEXT NOT NULL, dedup_key TEXT NOT NULL,
  content_hash TEXT NOT NULL, order_key TEXT NOT NULL, media_type TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
  received_at INTEGER NOT NULL, correlation_id TEXT NOT NULL, first_id TEXT
);
CREATE UNIQUE INDEX raw_conflict_id ON raw (id) WHERE first_id IS NOT NULL;
CREATE UNIQUE INDEX raw_dedup ON raw (dedup_key, partner) WHERE first_id IS NULL;
CREATE UNIQUE INDEX raw_conflict ON raw (dedup_key, partner, content_hash) WHERE first_id IS NOT NULL;
`;

/**
 * ref, correlation_id and root_run_id are NULL where they are the run's own id, as they are for every raw payload.
 * runs.state: 0 queued and first of its order key, 1 queued behind a live run of its key, 2 running, 3 parked, 4 done,
 * 5 dead, 6 cancelled. Claiming reads state 0 only, however deep the queue behind one key is.
 */
const runs = `
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, partition INTEGER NOT NULL, state INTEGER NOT NULL, attempt INTEGER NOT NULL,
  kind TEXT NOT NULL, ref TEXT, raw_seq INTEGER, order_key TEXT NOT NULL, partner TEXT, node_id TEXT, flow_version TEXT,
  correlation_id TEXT, causation_id TEXT, root_run_id TEXT, case_id TEXT, due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL, started_at INTEGER, settled_at INTEGER, error_code TEXT, last_error TEXT, input TEXT, trace TEXT
);
CREATE UNIQUE INDEX runs_id ON runs (id);
CREATE INDEX runs_ready ON runs (partition, due_at, seq) WHERE state = 0;
CREATE INDEX runs_live ON runs (partition, order_key, seq) WHERE state < 3;
CREATE INDEX runs_chain ON runs (root_run_id) WHERE root_run_id IS NOT NULL;
CREATE INDEX runs_case ON runs (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX runs_correlation ON runs (correlation_id) WHERE correlation_id IS NOT NULL;

CREATE TABLE parked (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, partition INTEGER NOT NULL, state INTEGER NOT NULL, run_id TEXT NOT NULL,
  node_id TEXT NOT NULL, kind TEXT NOT NULL, reenter TEXT NOT NULL, due_at INTEGER, signal TEXT, message TEXT NOT NULL,
  case_id TEXT, at INTEGER NOT NULL, resumption TEXT
);
CREATE INDEX parked_due ON parked (partition, due_at, seq) WHERE state = 0 AND due_at IS NOT NULL;
CREATE INDEX parked_signal ON parked (partition, signal) WHERE state = 0 AND signal IS NOT NULL;
CREATE INDEX parked_run ON parked (run_id);
CREATE INDEX parked_case ON parked (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE dead_letters (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, partition INTEGER NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL,
  ref TEXT NOT NULL, run_id TEXT, partner TEXT, operation TEXT, reason_code TEXT NOT NULL, reason TEXT NOT NULL,
  fingerprint TEXT NOT NULL, flow_version TEXT, attempt INTEGER NOT NULL, message TEXT, at INTEGER NOT NULL,
  correlation_id TEXT, resolved_at INTEGER, resolution TEXT
);
CREATE INDEX dead_letters_at ON dead_letters (at, seq);
CREATE INDEX dead_letters_fingerprint ON dead_letters (fingerprint, at);
CREATE INDEX dead_letters_open ON dead_letters (at, seq) WHERE state = 'open';
CREATE INDEX dead_letters_run ON dead_letters (run_id) WHERE run_id IS NOT NULL;
`;

const effects = `
CREATE TABLE effects (
  seq INTEGER PRIMARY KEY, key TEXT NOT NULL, partition INTEGER NOT NULL, state TEXT NOT NULL, run_id TEXT NOT NULL,
  root_run_id TEXT NOT NULL, case_id TEXT, partner TEXT NOT NULL, operation TEXT NOT NULL, safety TEXT NOT NULL,
  plan TEXT NOT NULL, step TEXT NOT NULL, pivot INTEGER, target TEXT NOT NULL, input TEXT NOT NULL, correlation_id TEXT NOT NULL, at INTEGER NOT NULL,
  sends INTEGER NOT NULL, output TEXT, reference TEXT, error TEXT, adopted INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  confirmed_at INTEGER, decided_by TEXT
);
CREATE UNIQUE INDEX effects_key ON effects (key);
CREATE INDEX effects_run ON effects (run_id);
CREATE INDEX effects_case ON effects (case_id) WHERE case_id IS NOT NULL;
`;

/**
 * Facts, links and cases name their shipment by its number, not its key: numbers rise, so their indexes grow at one end,
 * where text keys would touch a page of their own for every row. version is 0 until the shipment has a view.
 */
const facts = `
CREATE TABLE shipments (seq INTEGER PRIMARY KEY, key TEXT NOT NULL, version INTEGER NOT NULL, view TEXT);
CREATE UNIQUE INDEX shipments_key ON shipments (key);

CREATE TABLE facts (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, partition INTEGER NOT NULL, partner TEXT NOT NULL, shipment INTEGER NOT NULL,
  code TEXT, recorded_at INTEGER NOT NULL, raw_id TEXT, run_id TEXT, fact TEXT NOT NULL, tokens TEXT NOT NULL
);
CREATE UNIQUE INDEX facts_id ON facts (id);
CREATE INDEX facts_shipment ON facts (shipment);
CREATE INDEX facts_recorded ON facts (recorded_at, seq);

CREATE TABLE links (
  normalized TEXT NOT NULL, shipment INTEGER NOT NULL, kind TEXT NOT NULL, namespace TEXT NOT NULL, value TEXT NOT NULL,
  first_fact INTEGER, first_at INTEGER NOT NULL, asserted_by TEXT NOT NULL,
  PRIMARY KEY (normalized, shipment, kind, namespace, value)
) WITHOUT ROWID;
CREATE INDEX links_shipment ON links (shipment);
`;

/** cases.open is 1 until the case has ended: at most one open case stands for (tenant, subject, code). */
const cases = `
CREATE TABLE cases (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, partition INTEGER NOT NULL, version INTEGER NOT NULL, open INTEGER NOT NULL,
  tenant TEXT NOT NULL, shipment INTEGER NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL, status TEXT NOT NULL, partner TEXT,
  region TEXT, warehouse TEXT, assignee TEXT, detected_at INTEGER NOT NULL, acknowledge_due_at INTEGER, resolve_due_at INTEGER,
  sort_due_at INTEGER NOT NULL, ended_at INTEGER, state TEXT NOT NULL
);
CREATE UNIQUE INDEX cases_open ON cases (shipment, code, tenant) WHERE open = 1;
CREATE INDEX cases_shipment ON cases (shipment);
CREATE INDEX cases_detected ON cases (detected_at, seq);
CREATE INDEX cases_severity ON cases (severity, detected_at, seq) WHERE open = 1;
CREATE INDEX cases_due ON cases (sort_due_at, seq) WHERE open = 1;
CREATE INDEX cases_acknowledge_due ON cases (acknowledge_due_at, seq) WHERE open = 1 AND acknowledge_due_at IS NOT NULL;
CREATE INDEX cases_resolve_due ON cases (resolve_due_at, seq) WHERE open = 1 AND resolve_due_at IS NOT NULL;

CREATE TABLE case_events (case_id TEXT NOT NULL, version INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (case_id, version)) WITHOUT ROWID;
CREATE TABLE case_facts (case_id TEXT NOT NULL, fact_id TEXT NOT NULL, PRIMARY KEY (case_id, fact_id)) WITHOUT ROWID;
`;

const operators = `
CREATE TABLE audit (
  partition INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
  action TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT, before TEXT, after TEXT, outcome TEXT NOT NULL,
  previous_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (partition, seq)
) WITHOUT ROWID;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject, at);
CREATE INDEX audit_actor ON audit (actor, at);

CREATE TABLE replays (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, reason TEXT NOT NULL, mode TEXT NOT NULL, state TEXT NOT NULL,
  created_by TEXT NOT NULL, created_at INTEGER NOT NULL, ended_at INTEGER, rate_per_second REAL NOT NULL, canary INTEGER, selection TEXT NOT NULL
);
CREATE TABLE replay_items (
  replay_id TEXT NOT NULL, ordinal INTEGER NOT NULL, ref TEXT NOT NULL, kind TEXT NOT NULL, order_key TEXT NOT NULL,
  partition INTEGER NOT NULL, outcome TEXT NOT NULL, run_id TEXT, effects TEXT, message TEXT, edit TEXT,
  PRIMARY KEY (replay_id, ordinal)
) WITHOUT ROWID;

CREATE TABLE partner_controls (partner TEXT PRIMARY KEY, held INTEGER NOT NULL, draining INTEGER NOT NULL, mode TEXT, set_by TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE requests (actor TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER, body TEXT, PRIMARY KEY (actor, key)) WITHOUT ROWID;
CREATE TABLE flow_versions (id TEXT PRIMARY KEY, flow_id TEXT NOT NULL, label TEXT NOT NULL, content TEXT NOT NULL, author TEXT, at INTEGER NOT NULL) WITHOUT ROWID;
`;

export const foundation: Migration = {
  version: 1,
  name: 'foundation',
  sql: [leases, intake, runs, effects, facts, cases, operators].join('\n'),
};
