/**
 * Wrapped data keys of raw payloads; `wrapped` is NULL once a key was shredded. Open cases are counted within a region or a partner from
 * one index alone.
 */
import type { Migration } from '../migration';

export const dataKeys: Migration = {
  version: 9,
  name: 'data-keys',
  sql: `
CREATE TABLE data_keys (id TEXT PRIMARY KEY, ring TEXT NOT NULL, wrapped BLOB, shredded_at INTEGER) WITHOUT ROWID;
CREATE INDEX data_keys_ring ON data_keys (ring) WHERE wrapped IS NOT NULL;
CREATE INDEX cases_counts ON cases (region, partner, status, code, severity) WHERE open = 1;
`,
};
