/**
 * Node-RED storage module over a folder of flow files (https://nodered.org/docs/api/storage/). Settings, sessions and the
 * encrypted credential store live in the data folder; nothing secret is ever written below `flows/`.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FatalError } from '../model/errors';
import { diffFlows } from './diff';
import { FlowFilesChangedError } from './errors';
import { readFlowFolder, replaceFile, writeFlowFolder } from './files';
import type { FlowNode } from './format';
import { DeployOrder } from './order';
import { unitsOf } from './units';

/** What is done with flows around their files: versions, checks, audit. */
export interface FlowKeeper {
  /** They were read from their files. */
  loaded(nodes: FlowNode[], paths: ReadonlyMap<string, string>): Promise<void>;
  /**
   * They are to be replaced.
   * @param by Node-RED's user, or who stands in for one
   * @param write puts them into their files; `paths` adds to what is known of where they stand
   * @throws RerouteError when they are refused; then nothing has been written
   */
  saving(
    nodes: FlowNode[],
    paths: ReadonlyMap<string, string>,
    by: unknown,
    write: (paths: ReadonlyMap<string, string>) => Promise<void>,
  ): Promise<void>;
}

export interface FlowStorageOptions {
  flowsDir: string;
  dataDir: string;
  keeper: FlowKeeper;
}

export class FlowStorage {
  /** What the files held when they were read or written last; unknown after a write that failed half way. */
  private held: FlowNode[] | undefined;
  private paths: ReadonlyMap<string, string> = new Map();

  constructor(private readonly options: FlowStorageOptions) {}

  /** As Node-RED wants it: it looks for own properties to learn whether settings and sessions can be kept. */
  asModule(): Record<string, unknown> {
    const names = [
      'init',
      'getFlows',
      'saveFlows',
      'getCredentials',
      'saveCredentials',
      'getSettings',
      'saveSettings',
      'getSessions',
      'saveSessions',
      'getLibraryEntry',
      'saveLibraryEntry',
    ] as const;
    return Object.fromEntries(names.map((name) => [name, this[name].bind(this)]));
  }

  async init(): Promise<void> {
    await mkdir(this.options.dataDir, { recursive: true });
  }

  async getFlows(): Promise<FlowNode[]> {
    const { nodes, paths } = await readFlowFolder(this.options.flowsDir);
    this.paths = paths;
    this.held = structuredClone(nodes);
    await this.options.keeper.loaded(nodes, paths);
    return nodes;
  }

  /** @throws FatalError SECRET_IN_FLOW, FLOWS_REFUSED, FLOW_FILES_CHANGED; then nothing is written and runs go on */
  async saveFlows(flows: FlowNode[], user?: unknown): Promise<void> {
    const { keeper, flowsDir } = this.options;
    // A deploy that is taken back by itself must not wait for somebody.
    if (!(user instanceof DeployOrder && user.request.source === 'auto-rollback'))
      await this.refuseLoss(flows, user instanceof DeployOrder ? user.request.paths : undefined);
    await keeper.saving(flows, this.paths, user, async (paths) => {
      this.held = undefined;
      this.paths = await writeFlowFolder(flowsDir, flows, new Map([...this.paths, ...paths]));
      this.held = structuredClone(flows);
    });
  }

  /** What somebody changed in the files since they were read is written over only by the same. */
  private async refuseLoss(flows: FlowNode[], more: ReadonlyMap<string, string> = new Map()): Promise<void> {
    if (this.held === undefined) return;
    const { nodes, paths } = await readFlowFolder(this.options.flowsDir);
    const files = unitsOf(nodes, paths);
    const changed = new Set(diffFlows(unitsOf(this.held, this.paths), files).map(({ flowId }) => flowId));
    if (changed.size === 0) return;
    const planned = unitsOf(flows, new Map([...this.paths, ...more]));
    const lost = diffFlows(files, planned).filter(({ flowId }) => changed.has(flowId));
    if (lost.length > 0) throw new FlowFilesChangedError(lost);
  }

  /** Where each flow stands. */
  get known(): ReadonlyMap<string, string> {
    return this.paths;
  }

  getCredentials(): Promise<unknown> {
    return this.readJson('credentials.json', {});
  }

  saveCredentials(credentials: unknown): Promise<void> {
    return this.writeJson('credentials.json', credentials);
  }

  getSettings(): Promise<unknown> {
    return this.readJson('node-red.json', {});
  }

  saveSettings(settings: unknown): Promise<void> {
    return this.writeJson('node-red.json', settings);
  }

  getSessions(): Promise<unknown> {
    return this.readJson('sessions.json', {});
  }

  saveSessions(sessions: unknown): Promise<void> {
    return this.writeJson('sessions.json', sessions);
  }

  /** The editor's own import library is not used: templates take its place. */
  async getLibraryEntry(): Promise<unknown[]> {
    return [];
  }

  async saveLibraryEntry(): Promise<void> {
    throw new FatalError('NO_LIBRARY', 'flows are shared as templates below flows/library');
  }

  private async readJson(name: string, fallback: unknown): Promise<unknown> {
    const text = await readFile(join(this.options.dataDir, name), 'utf8').catch(() => undefined);
    return text === undefined ? fallback : (JSON.parse(text) as unknown);
  }

  private writeJson(name: string, value: unknown): Promise<void> {
    return replaceFile(join(this.options.dataDir, name), `${JSON.stringify(value, null, 2)}\n`);
  }
}
