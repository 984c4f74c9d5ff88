/** Baseline: plain Node-RED with its core nodes, quiet settings, nothing durable. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coreNodesFlow } from '../flow';
import { readDelivery } from './mapping';

const [, , port, erp] = process.argv;

interface Red {
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  httpNode: (request: unknown, response: unknown) => void;
}

const userDir = mkdtempSync(join(tmpdir(), 'core-nodes-'));

async function main(): Promise<void> {
  const { default: red } = (await import('node-red')) as unknown as { default: Red };
  const server = createServer((request, response) => red.httpNode(request, response));
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(coreNodesFlow(String(erp))));
  red.init(server, {
    httpAdminRoot: false,
    httpNodeRoot: '/',
    disableEditor: true,
    userDir,
    flowFile: 'flows.json',
    functionGlobalContext: { readDelivery },
    logging: { console: { level: 'off', metrics: false, audit: false } },
    telemetry: { enabled: false },
  });
  await red.start();
  server.listen(Number(port), '127.0.0.1');
}

void main();
process.on('SIGTERM', () => {
  rmSync(userDir, { recursive: true, force: true });
  process.exit(0);
});
