/**
 * Versions of flow files with the deployments that wrote them, and tags over them. removed versions have no content.
 * parked_node answers at which nodes messages wait, which a deploy asks before it removes some.
 */
import type { Migration } from '../migration';

export const flowFiles: Migration = {
  version: 5,
  name: 'flow-files',
  sql: `
CREATE TABLE flow_files (
  seq INTEGER PRIMARY KEY, flow_id TEXT NOT NULL, version TEXT NOT NULL, path TEXT NOT NULL, label TEXT NOT NULL,
  content_hash TEXT NOT NULL, content TEXT, author TEXT NOT NULL, message TEXT NOT NULL, source TEXT NOT NULL,
  lint TEXT NOT NULL, tests TEXT, deployment_id TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE UNIQUE INDEX flow_files_version ON flow_files (flow_id, version);
CREATE INDEX flow_files_history ON flow_files (flow_id, seq);
CREATE INDEX flow_files_deployment ON flow_files (deployment_id);
CREATE TABLE flow_deployments (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, author TEXT NOT NULL, message TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
  ended_at INTEGER, watch_ms INTEGER NOT NULL, changes TEXT NOT NULL, detail TEXT
) WITHOUT ROWID;
CREATE INDEX flow_deployments_watching ON flow_deployments (at) WHERE state = 'watching';
CREATE TABLE flow_tags (
  seq INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, author TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL, versions TEXT NOT NULL
);
CREATE INDEX parked_node ON parked (node_id, partition) WHERE state = 0;
`,
};
