/** People and sessions, and the indexes with which lists of one region or partner stay lists of one range. */
import type { Migration } from '../migration';

export const access: Migration = {
  version: 8,
  name: 'access',
  sql: `
CREATE TABLE users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, issuer TEXT, subject TEXT, version INTEGER NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_external ON users (issuer, subject) WHERE issuer IS NOT NULL;
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  address TEXT NOT NULL, agent TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_created ON sessions (created_at, id);

CREATE INDEX cases_region ON cases (region, detected_at, seq);
CREATE INDEX cases_partner ON cases (partner, detected_at, seq);
CREATE INDEX facts_partner ON facts (partner, recorded_at, seq);
CREATE INDEX dead_letters_partner ON dead_letters (partner, at, seq) WHERE state = 'open';

CREATE TABLE audit_heads (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, head TEXT NOT NULL);
`,
};
