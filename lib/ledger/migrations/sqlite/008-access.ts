/**
 * People and sessions. Indexes of lists carry region and partner, so that what a limited caller may not see is passed over in the index,
 * without a look at its row.
 */
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

DROP INDEX facts_recorded;
CREATE INDEX facts_recorded ON facts (recorded_at, seq, partner);
DROP INDEX dead_letters_open;
CREATE INDEX dead_letters_open ON dead_letters (at, seq, partner) WHERE state = 'open';

CREATE TABLE audit_heads (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, head TEXT NOT NULL);
`,
};
