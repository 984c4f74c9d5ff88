/** Node-RED's settings, composed from the validated environment; nothing else. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeEngine } from '../engine/api';
import type { FlowStorage } from '../flowfiles/storage';
import { developmentSecret, type Environment } from './environment';

/**
 * Node-RED's own folder below the data folder. It reads a package.json there and calls its absence an error, so there is one.
 */
export function nodeRedDir(dataDir: string): string {
  const folder = join(dataDir, 'node-red');
  const manifest = join(folder, 'package.json');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "name": "reroute-data", "private": true }\n');
  return folder;
}

/** The longest that a Function node may hold the event loop; well below the lease of a partition. */
const functionSeconds = 5;

export interface SettingsParts {
  environment: Environment;
  storage: FlowStorage;
  engine: NodeEngine;
  adminAuth: unknown;
}

/** @see https://nodered.org/docs/user-guide/runtime/settings-file */
export function nodeRedSettings({
  environment,
  storage,
  engine,
  adminAuth,
}: SettingsParts): Record<string, unknown> {
  const root = join(__dirname, '..', '..', '..');
  return {
    uiHost: environment.host,
    uiPort: environment.port,
    httpAdminRoot: '/editor',
    httpNodeRoot: '/flows',
    userDir: nodeRedDir(environment.dataDir),
    nodesDir: root,
    storageModule: storage.asModule(),
    credentialSecret: createHash('sha256')
      .update(environment.credentialSecret ?? developmentSecret)
      .digest('hex'),
    adminAuth,
    logging: { console: { level: 'off', metrics: false, audit: false } },
    telemetry: { enabled: false, updateNotification: false },
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpload: false },
      modules: { allowInstall: false },
    },
    functionExternalModules: false,
    // Seconds. The first is what the editor offers for a new Function node, the second ends a node without a limit of its own: it would stop everything.
    functionTimeout: functionSeconds,
    globalFunctionTimeout: functionSeconds,
    diagnostics: { enabled: true, ui: true },
    runtimeState: { enabled: false, ui: false },
    editorTheme: {
      tours: false,
      projects: { enabled: false },
      palette: {
        catalogues: [],
        categories: ['subflows', 'reroute', 'common', 'function', 'network', 'sequence', 'parser', 'storage'],
      },
      page: { title: 'Reroute' },
      header: { title: 'Reroute' },
      codeEditor: { lib: 'monaco' },
    },
    /** Read by the nodes through `engineOf`. */
    reroute: { engine },
  };
}
