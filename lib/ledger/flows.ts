/**
 * Versions of flow files, the deployments that wrote them and the tags that name sets of them. A version is appended once and
 * never changed, but for results of tests that come in after it. Content is what the flow file holds; the ledger does not look inside.
 */
import type { Page, PageRequest } from './port';

export const flowSources = ['editor', 'api', 'cli', 'files', 'rollback', 'auto-rollback'] as const;
/** Which way a version came in; `files` means that the flow file had been changed while nothing was running. */
export type FlowSource = (typeof flowSources)[number];

export interface FlowVersionSeed {
  /** Id of the tab or subflow; `global-config` for the shared configuration. */
  flowId: string;
  /** Semantic version; unique within the flow. */
  version: string;
  /** Of the flow file below the flows folder. */
  path: string;
  label: string;
  contentHash: string;
  /** The flow's nodes; absent where this version says that the flow was removed. */
  content?: unknown;
  author: string;
  message: string;
  source: FlowSource;
  /** Findings of the checks at the time, and results of the flow's tests where they were run. */
  lint: unknown;
  tests?: unknown;
  at: number;
}

export interface FlowVersionRecord extends FlowVersionSeed {
  deploymentId: string;
  /** Rises with every version of any flow. */
  seq: number;
}
/** As in lists: everything but the content. */
export type FlowVersionItem = Omit<FlowVersionRecord, 'content'> & { removed: boolean };

export const deploymentStates = [
  'watching',
  'healthy',
  'deployed',
  'rolled-back',
  'failed',
  'superseded',
] as const;
/**
 * `watching`: its health is being proved. `deployed`: it was not watched. `failed`: it was unhealthy, and taking it back did not
 * succeed. `superseded`: another one came before the end of the
 * watch.
 */
export type DeploymentState = (typeof deploymentStates)[number];

export interface FlowDeployment {
  id: string;
  state: DeploymentState;
  author: string;
  message: string;
  source: FlowSource;
  at: number;
  endedAt?: number;
  /** How long its health is watched, milliseconds; 0 when it is not. */
  watchMs: number;
  /** Per flow id the version before and after; `before` is absent for a new flow. */
  changes: Record<string, { before?: string; after: string }>;
  /** Why it ended as it did, and what was seen. */
  detail?: unknown;
}

export interface FlowTag {
  name: string;
  author: string;
  message: string;
  at: number;
  /** Version by flow id. */
  versions: Record<string, string>;
}

export interface FlowStore {
  /**
   * Appends a deployment with its versions, all or nothing.
   * @throws VersionConflictError when one of the versions exists already: somebody else deployed at the same time
   */
  recordDeployment(deployment: FlowDeployment, versions: FlowVersionSeed[]): Promise<void>;
  /** Results of tests that ended after the deploy; versions that have results keep them. Answers how many got them. */
  noteFlowTests(deploymentId: string, tests: unknown): Promise<number>;
  deployment(id: string): Promise<FlowDeployment | undefined>;
  deploymentsIn(state: DeploymentState): Promise<FlowDeployment[]>;
  /** Compare-and-set; false when it was in none of the states. */
  setDeploymentState(
    id: string,
    from: DeploymentState[],
    change: { state: DeploymentState; at: number; detail?: unknown },
  ): Promise<boolean>;
  /** The latest version of every flow, those that were removed among them, by flow id. */
  currentFlows(): Promise<FlowVersionItem[]>;
  /** Newest first. */
  flowHistory(flowId: string, page: PageRequest): Promise<Page<FlowVersionItem>>;
  flowFile(flowId: string, version: string): Promise<FlowVersionRecord | undefined>;
  /** False when the name is taken: a tag never moves. */
  saveFlowTag(tag: FlowTag): Promise<boolean>;
  flowTag(name: string): Promise<FlowTag | undefined>;
  /** Newest first. */
  flowTags(page: PageRequest): Promise<Page<FlowTag>>;
}
