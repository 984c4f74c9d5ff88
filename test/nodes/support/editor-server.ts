/** A Node-RED with the built nodes and a recording engine, as a process of its own: prints `listening PORT`, ends on SIGTERM. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { readProject, root } from '../../support/project';
import { RecordingEngine } from './engine';

interface NodeRed {
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  httpAdmin: express.RequestHandler;
}
interface Manifest {
  name: string;
  version: string;
  'node-red': { version: string; nodes: Record<string, string>; plugins: Record<string, string> };
}

/** A module folder like the project's, with this build in place of `dist`. */
function moduleFolder(folder: string): string {
  const home = join(folder, 'module');
  mkdirSync(home);
  const manifest = JSON.parse(readProject('package.json')) as Manifest;
  const { name, version } = manifest;
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ name, version, 'node-red': manifest['node-red'] }),
  );
  symlinkSync(join(__dirname, '..', '..', '..'), join(home, 'dist'));
  symlinkSync(join(root, 'examples'), join(home, 'examples'));
  return home;
}

async function main(folder: string): Promise<void> {
  const engine = new RecordingEngine();
  engine.answers.replay = { id: 'P1', count: 7 };
  const { default: red } = (await import('node-red')) as unknown as { default: NodeRed };
  const app = express();
  const server = createServer(app);
  red.init(server, {
    httpAdminRoot: '/',
    httpNodeRoot: '/flows-http',
    userDir: folder,
    flowFile: 'flows.json',
    nodesDir: moduleFolder(folder),
    credentialSecret: false,
    logging: { console: { level: 'warn' } },
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { palette: { allowInstall: false, allowUpload: false } },
    editorTheme: { tours: false, palette: { catalogues: [] }, codeEditor: { lib: 'ace' } },
    reroute: { engine },
  });
  app.use('/', red.httpAdmin);
  app.get('/asked/:method', (request, response) => void response.json(engine.asked(request.params.method)));
  await red.start();
  server.listen(0, '127.0.0.1', () =>
    process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`),
  );
  process.once('SIGTERM', () => {
    void red.stop().then(() => process.exit(0));
  });
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: editor-server FOLDER');
void main(folder);
