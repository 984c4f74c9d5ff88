/**
 * Node-RED storage module over a folder of flow files (https://nodered.org/docs/api/storage/). Settings, sessions and the
 * encrypted credential store live in the data folder; nothing secret is ever written below `flows/`.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { FatalError } from '../model/errors';
import { type FlowNode, formatFlowFile, literalSecrets, splitFlows } from './format';

export interface FlowStorageOptions {
  flowsDir: string;
  dataDir: string;
  /** Called before files are replaced, so that runs can settle; a refusal of the deploy calls `aborted`. */
  beforeSave(): Promise<void>;
  aborted(): void;
}

/** Folders below `flows/` that are read as running flows; `library/` holds templates. */
const liveFolders = ['global', 'regions'];

export class FlowStorage {
  private paths = new Map<string, string>();

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
    const flows: FlowNode[] = [];
    this.paths = new Map();
    for (const path of await this.files()) {
      const nodes = await this.readFlowFile(path);
      for (const node of nodes)
        if (node.type === 'tab' || node.type === 'subflow') this.paths.set(node.id, path);
      flows.push(...nodes);
    }
    return flows;
  }

  private async files(): Promise<string[]> {
    const found: string[] = [];
    for (const folder of liveFolders) {
      const entries = await readdir(join(this.options.flowsDir, folder), {
        recursive: true,
        withFileTypes: true,
      }).catch(() => []);
      for (const entry of entries) {
        if (entry.isFile() && entry.name.endsWith('.json') && !entry.name.endsWith('.flowtest.json'))
          found.push(
            relative(this.options.flowsDir, join(entry.parentPath, entry.name)).split(sep).join('/'),
          );
      }
    }
    return found.sort();
  }

  private async readFlowFile(path: string): Promise<FlowNode[]> {
    try {
      return JSON.parse(await readFile(join(this.options.flowsDir, path), 'utf8')) as FlowNode[];
    } catch (cause) {
      throw new FatalError('FLOW_FILE_BROKEN', `the flow file ${path} cannot be read as JSON`, {
        hint: 'Repair it or take the last committed version.',
        cause,
      });
    }
  }

  /** @throws FatalError SECRET_IN_FLOW naming node and property; then nothing is written and runs go on */
  async saveFlows(flows: FlowNode[]): Promise<void> {
    const secrets = literalSecrets(flows);
    if (secrets.length > 0) {
      throw new FatalError(
        'SECRET_IN_FLOW',
        `not deployed: ${secrets.map(({ node, property }) => `node ${node}, ${property}`).join('; ')} would write a secret into a flow file`,
        {
          hint: 'Use a reference like env:NAME or file:PATH.',
        },
      );
    }
    await this.options.beforeSave();
    try {
      await this.write(flows);
    } catch (error) {
      this.options.aborted();
      throw error;
    }
  }

  private async write(flows: FlowNode[]): Promise<void> {
    const files = splitFlows(flows, this.paths);
    const kept = new Set(files.map((file) => file.path));
    for (const { path, nodes } of files)
      await replaceFile(join(this.options.flowsDir, path), formatFlowFile(nodes));
    for (const path of await this.files()) if (!kept.has(path)) await rm(join(this.options.flowsDir, path));
    this.paths = new Map(
      files.flatMap(({ path, nodes }) =>
        nodes
          .filter((node) => node.type === 'tab' || node.type === 'subflow')
          .map((node) => [node.id, path] as const),
      ),
    );
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

/** Whole or not at all. */
async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await writeFile(`${path}.new`, text, { mode: 0o644 });
  await rename(`${path}.new`, path);
}
