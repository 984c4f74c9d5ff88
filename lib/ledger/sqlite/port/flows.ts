/** FlowStore over the channels. */
import type {
  DeploymentState,
  FlowDeployment,
  FlowSource,
  FlowStore,
  FlowTag,
  FlowVersionItem,
  FlowVersionRecord,
  FlowVersionSeed,
} from '../../flows';
import type { DeploymentRow, FlowFileInput, FlowFileItemRow, FlowFileRow, FlowTagRow } from '../sql/flows';
import { type Channels, fromJson, present, toJson, toPage } from './codec';

export function flowStore({ writer, reader }: Channels): FlowStore {
  return {
    recordDeployment: (deployment, versions) =>
      writer.call(
        'recordDeployment',
        {
          ...deployment,
          changes: JSON.stringify(deployment.changes),
          detail: toJson(deployment.detail),
        },
        versions.map(toInput),
      ),
    noteFlowTests: (id, tests) => writer.call('noteFlowTests', id, toJson(tests) ?? 'null'),
    async deployment(id) {
      const row = await writer.call('deployment', id);
      return row && toDeployment(row);
    },
    deploymentsIn: async (state) => (await writer.call('deploymentsIn', state)).map(toDeployment),
    setDeploymentState: (id, from, change) =>
      writer.call('setDeploymentState', id, from, { ...change, detail: toJson(change.detail) }),
    currentFlows: async () => (await writer.call('currentFlows')).map(toItem),
    flowHistory: async (flowId, page) => toPage(await reader.call('flowHistory', flowId, page), toItem),
    async flowFile(flowId, version) {
      const row = await writer.call('flowFile', flowId, version);
      return row && toRecord(row);
    },
    saveFlowTag: ({ versions, ...tag }) =>
      writer.call('saveFlowTag', { ...tag, versions: JSON.stringify(versions) }),
    async flowTag(name) {
      const row = await writer.call('flowTag', name);
      return row && toTag(row);
    },
    flowTags: async (page) => toPage(await reader.call('flowTags', page), toTag),
  };
}

function toInput(seed: FlowVersionSeed): FlowFileInput {
  return {
    flow_id: seed.flowId,
    version: seed.version,
    path: seed.path,
    label: seed.label,
    content_hash: seed.contentHash,
    content: toJson(seed.content),
    author: seed.author,
    message: seed.message,
    source: seed.source,
    lint: toJson(seed.lint) ?? 'null',
    tests: toJson(seed.tests),
    at: seed.at,
  };
}

const shared = (row: Omit<FlowFileRow, 'content'>) => ({
  flowId: row.flow_id,
  version: row.version,
  path: row.path,
  label: row.label,
  contentHash: row.content_hash,
  author: row.author,
  message: row.message,
  source: row.source as FlowSource,
  lint: fromJson(row.lint),
  tests: fromJson(row.tests),
  deploymentId: row.deployment_id,
  at: row.at,
  seq: row.seq,
});

function toItem(row: FlowFileItemRow): FlowVersionItem {
  return present<FlowVersionItem>({ ...shared(row), removed: row.removed === 1 });
}

function toRecord(row: FlowFileRow): FlowVersionRecord {
  return present<FlowVersionRecord>({ ...shared(row), content: fromJson(row.content) });
}

function toDeployment(row: DeploymentRow): FlowDeployment {
  return present<FlowDeployment>({
    id: row.id,
    state: row.state as DeploymentState,
    author: row.author,
    message: row.message,
    source: row.source as FlowSource,
    at: row.at,
    endedAt: row.ended_at,
    watchMs: row.watch_ms,
    changes: JSON.parse(row.changes) as FlowDeployment['changes'],
    detail: fromJson(row.detail),
  });
}

function toTag(row: FlowTagRow): FlowTag {
  return {
    name: row.name,
    author: row.author,
    message: row.message,
    at: row.at,
    versions: JSON.parse(row.versions) as FlowTag['versions'],
  };
}
