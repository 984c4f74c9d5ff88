/** Versions of flow files, deployments and tags. */
import { VersionConflictError } from '../../../model/errors';
import type { DeploymentState, FlowDeployment } from '../../flows';
import type { PageRequest } from '../../port';
import type { Database } from '../database';
import { Conditions, type RowPage, readPage } from './paging';

export interface FlowFileRow {
  seq: number;
  flow_id: string;
  version: string;
  path: string;
  label: string;
  content_hash: string;
  content: string | null;
  author: string;
  message: string;
  source: string;
  lint: string;
  tests: string | null;
  deployment_id: string;
  at: number;
}
export type FlowFileItemRow = Omit<FlowFileRow, 'content'> & { removed: number };
export type FlowFileInput = Omit<FlowFileRow, 'seq' | 'content' | 'tests' | 'deployment_id'> & {
  content: string | undefined;
  tests: string | undefined;
};

export interface DeploymentRow {
  id: string;
  state: string;
  author: string;
  message: string;
  source: string;
  at: number;
  ended_at: number | null;
  watch_ms: number;
  changes: string;
  detail: string | null;
}
export type DeploymentInput = Omit<FlowDeployment, 'changes' | 'detail'> & {
  changes: string;
  detail: string | undefined;
};

const itemColumns = `seq, flow_id, version, path, label, content_hash, content IS NULL AS removed, author, message, source, lint, tests,
  deployment_id, at`;

/** Index flow_files_version. */
export function recordDeployment(db: Database, deployment: DeploymentInput, files: FlowFileInput[]): void {
  for (const { flow_id, version } of files) {
    const taken = db.get<{ seq: number }>(
      'SELECT seq FROM flow_files WHERE flow_id = ? AND version = ?',
      flow_id,
      version,
    );
    if (taken) throw new VersionConflictError('flow', `${flow_id} ${version}`, 0, taken.seq);
  }
  db.run(
    `INSERT INTO flow_deployments (id, state, author, message, source, at, ended_at, watch_ms, changes, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    deployment.id,
    deployment.state,
    deployment.author,
    deployment.message,
    deployment.source,
    deployment.at,
    deployment.endedAt,
    deployment.watchMs,
    deployment.changes,
    deployment.detail,
  );
  for (const file of files) insertFile(db, deployment.id, file);
}

function insertFile(db: Database, deploymentId: string, file: FlowFileInput): void {
  db.run(
    `INSERT INTO flow_files (flow_id, version, path, label, content_hash, content, author, message, source, lint, tests, deployment_id, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    file.flow_id,
    file.version,
    file.path,
    file.label,
    file.content_hash,
    file.content,
    file.author,
    file.message,
    file.source,
    file.lint,
    file.tests,
    deploymentId,
    file.at,
  );
}

/** Index flow_files_deployment. */
export function noteFlowTests(db: Database, deploymentId: string, tests: string): number {
  return db.run(
    'UPDATE flow_files SET tests = ? WHERE deployment_id = ? AND tests IS NULL AND content IS NOT NULL',
    tests,
    deploymentId,
  ).changes;
}

export function deployment(db: Database, id: string): DeploymentRow | undefined {
  return db.get<DeploymentRow>('SELECT * FROM flow_deployments WHERE id = ?', id);
}

/** Index flow_deployments_watching for the one state that is asked for again and again. */
export function deploymentsIn(db: Database, state: DeploymentState): DeploymentRow[] {
  const where = state === 'watching' ? "state = 'watching'" : 'state = ?';
  const parameters = state === 'watching' ? [] : [state];
  return db.all<DeploymentRow>(
    `SELECT * FROM flow_deployments WHERE ${where} ORDER BY at, id`,
    ...parameters,
  );
}

export function setDeploymentState(
  db: Database,
  id: string,
  from: DeploymentState[],
  change: { state: DeploymentState; at: number; detail: string | undefined },
): boolean {
  const { changes } = db.run(
    `UPDATE flow_deployments SET state = ?, ended_at = ?, detail = coalesce(?, detail)
     WHERE id = ? AND state IN (SELECT value FROM json_each(?))`,
    change.state,
    change.state === 'watching' ? null : change.at,
    change.detail,
    id,
    JSON.stringify(from),
  );
  return changes === 1;
}

/** Index flow_files_history: the last row of each flow. */
export function currentFlows(db: Database): FlowFileItemRow[] {
  return db.all<FlowFileItemRow>(
    `SELECT ${itemColumns} FROM flow_files
     WHERE seq IN (SELECT max(seq) FROM flow_files GROUP BY flow_id) ORDER BY flow_id`,
  );
}

export function flowHistory(db: Database, flowId: string, page: PageRequest): RowPage<FlowFileItemRow> {
  return readPage<FlowFileItemRow>(
    db,
    `SELECT ${itemColumns} FROM flow_files`,
    new Conditions().equal('flow_id', flowId),
    { columns: ['seq'], descending: true },
    page,
    (row) => [row.seq],
  );
}

export function flowFile(db: Database, flowId: string, version: string): FlowFileRow | undefined {
  return db.get<FlowFileRow>('SELECT * FROM flow_files WHERE flow_id = ? AND version = ?', flowId, version);
}

export interface FlowTagRow {
  seq: number;
  name: string;
  author: string;
  message: string;
  at: number;
  versions: string;
}

export function saveFlowTag(db: Database, tag: Omit<FlowTagRow, 'seq'>): boolean {
  const { changes } = db.run(
    'INSERT INTO flow_tags (name, author, message, at, versions) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
    tag.name,
    tag.author,
    tag.message,
    tag.at,
    tag.versions,
  );
  return changes === 1;
}

export function flowTag(db: Database, name: string): FlowTagRow | undefined {
  return db.get<FlowTagRow>('SELECT * FROM flow_tags WHERE name = ?', name);
}

export function flowTags(db: Database, page: PageRequest): RowPage<FlowTagRow> {
  return readPage<FlowTagRow>(
    db,
    'SELECT * FROM flow_tags',
    new Conditions(),
    { columns: ['seq'], descending: true },
    page,
    (row) => [row.seq],
  );
}
