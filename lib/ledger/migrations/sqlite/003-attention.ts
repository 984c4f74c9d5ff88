/**
 * What asks for attention by itself. shipments.watch_at says when a shipment is looked at next, NULL when nothing is waited for; it
 * may be early, never late, so that most facts leave it, and its index, as they are. cases.parent names the incident a case waits
 * for. An alert is open until it is resolved; its key stands for one cause, which fires once at a time.
 */
import type { Migration } from '../migration';

export const attention: Migration = {
  version: 3,
  name: 'attention',
  sql: `
ALTER TABLE shipments ADD COLUMN partition INTEGER;
ALTER TABLE shipments ADD COLUMN watch_at INTEGER;
CREATE INDEX shipments_watch ON shipments (partition, watch_at) WHERE watch_at IS NOT NULL;

ALTER TABLE cases ADD COLUMN parent TEXT;
CREATE INDEX cases_parent ON cases (parent, seq) WHERE parent IS NOT NULL;

CREATE TABLE alerts (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, partition INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL, subject TEXT,
  case_id TEXT, partner TEXT, region TEXT, detail TEXT, count INTEGER NOT NULL, fired_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
  acknowledged_at INTEGER, acknowledged_by TEXT, resolved_at INTEGER
);
CREATE UNIQUE INDEX alerts_open ON alerts (key) WHERE state <> 'resolved';
CREATE INDEX alerts_kind ON alerts (kind, seq);
CREATE INDEX alerts_case ON alerts (case_id) WHERE case_id IS NOT NULL AND state <> 'resolved';
`,
};
