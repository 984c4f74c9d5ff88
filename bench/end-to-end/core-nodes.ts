/** Baseline: plain Node-RED with its core nodes, quiet settings, nothing durable. */

import { mkdtempSync } from 'node:fs';
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
  runtime: { flows: { setFlows(options: object): Promise<unknown> } };
}

async function main(): Promise<void> {
  const { default: red } = (await import('node-red')) as unknown as { default: Red };
  const server = createServer((request, response) => red.httpNode(request, response));
  red.init(server, {
    httpAdminRoot: false,
    httpNodeRoot: '/',
    disableEditor: true,
    userDir: mkdtempSync(join(tmpdir(), 'core-nodes-')),
    functionGlobalContext: { readDelivery },
    logging: { console: { level: 'off', metrics: false, audit: false } },
    telemetry: { enabled: false },
  });
  await red.start();
  await red.runtime.flows.setFlows({
    flows: { flows: coreNodesFlow(String(erp)) },
    deploymentType: 'full',
    req: {},
  });
  server.listen(Number(port), '127.0.0.1');
}

void main();
process.on('SIGTERM', () => process.exit(0));
