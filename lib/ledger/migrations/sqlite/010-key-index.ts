/**
 * Keys that are hashes leave their indexes for one table that is written in batches; see `sqlite/key-index.ts`, which also
 * brings the function `key_hash`. Kinds: 1 deliveries by partner and dedup key, 2 facts by id, 3 effects by key. A case names
 * its facts by number, for those rise.
 */
import type { Migration } from '../migration';

export const keyIndex: Migration = {
  version: 10,
  name: 'key-index',
  sql: `
CREATE TABLE key_index (kind INTEGER NOT NULL, hash INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (kind, hash, seq)) WITHOUT ROWID;
CREATE TABLE key_index_through (kind INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
INSERT INTO key_index (kind, hash, seq) SELECT 1, key_hash(partner || char(10) || dedup_key), seq FROM raw WHERE first_id IS NULL;
INSERT INTO key_index (kind, hash, seq) SELECT 2, key_hash(id), seq FROM facts;
INSERT INTO key_index (kind, hash, seq) SELECT 3, key_hash(key), seq FROM effects;
INSERT INTO key_index_through (kind, seq) SELECT 1, max(seq) FROM raw HAVING max(seq) IS NOT NULL;
INSERT INTO key_index_through (kind, seq) SELECT 2, max(seq) FROM facts HAVING max(seq) IS NOT NULL;
INSERT INTO key_index_through (kind, seq) SELECT 3, max(seq) FROM effects HAVING max(seq) IS NOT NULL;

CREATE TABLE facts_of_cases (case_id TEXT NOT NULL, fact INTEGER NOT NULL, PRIMARY KEY (case_id, fact)) WITHOUT ROWID;
INSERT INTO facts_of_cases (case_id, fact) SELECT c.case_id, f.seq FROM case_facts c JOIN facts f ON f.id = c.fact_id;
DROP TABLE case_facts;
ALTER TABLE facts_of_cases RENAME TO case_facts;

DROP INDEX raw_dedup;
DROP INDEX facts_id;
DROP INDEX effects_key;
`,
};
