/**
 * Questions to partners that are asked again and again. The row without a number is the feed's.
 * Only what is still asked for has a row. A position says up to which fact (facts.seq) numbers were looked for.
 */
import type { Migration } from '../migration';

export const polls: Migration = {
  version: 2,
  name: 'polls',
  sql: `
CREATE TABLE polls (
  partner TEXT NOT NULL, subject TEXT NOT NULL, shipment TEXT, cursor TEXT, due_at INTEGER NOT NULL, interval_ms INTEGER NOT NULL,
  polled_at INTEGER, news_at INTEGER, seen_at INTEGER, PRIMARY KEY (partner, subject)
) WITHOUT ROWID;
CREATE INDEX polls_due ON polls (partner, due_at) WHERE subject <> '';
CREATE TABLE poll_positions (partner TEXT PRIMARY KEY, fact_seq INTEGER NOT NULL) WITHOUT ROWID;
`,
};
