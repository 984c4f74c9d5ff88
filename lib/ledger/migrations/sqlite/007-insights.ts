/**
 * What the console asks of a whole ledger. `measures` counts what happened by the hour, kept by the commits that change what
 * it counts. The three indexes of case lists hold
 * the columns that lists filter by, so that a filter reads the index alone until a case fits. `changes` is what readers of
 * the event stream catch up from.
 */

import type { Database } from '../../sqlite/database';
import { fillInsights } from '../../sqlite/sql/insights-fill';
import type { Migration } from '../migration';

const filtered = 'status, severity, code, partner, region, warehouse, carrier, assignee, open';

export const insights: Migration<Database> = {
  version: 7,
  name: 'insights',
  sql: `
ALTER TABLE cases ADD COLUMN carrier TEXT;
ALTER TABLE cases ADD COLUMN measured TEXT NOT NULL DEFAULT '[]';
ALTER TABLE replays ADD COLUMN stop_after INTEGER;

CREATE TABLE measures (
  name TEXT NOT NULL, dim TEXT NOT NULL, slot INTEGER NOT NULL, value TEXT NOT NULL, bucket INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (name, dim, slot, value, bucket)
) WITHOUT ROWID;

DROP INDEX cases_detected;
DROP INDEX cases_severity;
DROP INDEX cases_due;
CREATE INDEX cases_detected ON cases (detected_at, seq, acknowledge_due_at, resolve_due_at, ${filtered});
CREATE INDEX cases_severity ON cases (severity, detected_at, seq, ${filtered.replace('severity, ', '')}) WHERE open = 1;
CREATE INDEX cases_due ON cases (sort_due_at, seq, ${filtered}) WHERE open = 1;

CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, ref TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL);
CREATE TABLE saved_views (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, location TEXT NOT NULL, owner TEXT NOT NULL, shared INTEGER NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX saved_views_owner ON saved_views (owner, name);
CREATE INDEX saved_views_shared ON saved_views (name) WHERE shared = 1;
`,
  fill: fillInsights,
};
