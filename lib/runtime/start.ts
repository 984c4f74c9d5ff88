/** The composition root: everything is created here, in order, and stopped in the reverse order. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { Registry } from 'prom-client';
import { connectorById } from '../connectors/kit/registry';
import { LocalDispatch } from '../dispatch/local';
import { Engine } from '../engine/engine';
import { defaultLimits, type EngineLimits } from '../engine/limits';
import { flowVersions } from '../flowfiles/format';
import { FlowStorage } from '../flowfiles/storage';
import { Backtests } from '../flowtests/backtest/service';
import { createGateway, serverOptions } from '../gateway/gateway';
import { openLedger } from '../ledger/open';
import type { Ledger } from '../ledger/port';
import { openAccess } from './access';
import { editorAuth } from './editor-auth';
import type { Environment } from './environment';
import { newId } from './ids';
import { lockDataDir } from './lock';
import { watchRuntime } from './metrics';
import { embedNodeRed } from './node-red';
import { casesPort, partnersPort } from './ports';
import { nodeRedSettings } from './settings';

export interface Runtime {
  url: string;
  engine: Engine;
  ledger: Ledger;
  log: Logger;
  /** What the first administrator is made with; absent when there is no need for it. */
  setupCode: string | undefined;
  stop(): Promise<void>;
}

export interface RuntimeOptions {
  limits?: Partial<EngineLimits>;
  log?: Logger;
}

export async function startRuntime(environment: Environment, options: RuntimeOptions = {}): Promise<Runtime> {
  const log =
    options.log ?? pino({ level: environment.logLevel, redact: ['*.authorization', '*.token', '*.secret'] });
  const unlock = lockDataDir(environment.dataDir);
  const ledger = await openLedger(environment.databaseUrl, {});
  const limits = { ...defaultLimits, ...options.limits };
  const owner = `${hostname()}:${process.pid}`;
  const dispatch = new LocalDispatch({ ledger, owner, leaseMs: limits.leaseMs, now: Date.now });
  const engine = new Engine({
    ledger,
    dispatch,
    connectors: connectorById,
    // A copy: reading the live environment asks the operating system every time.
    environment: { ...process.env },
    log,
    tenant: 'default',
    region: environment.region,
    now: Date.now,
    newId,
    random: Math.random,
    limits,
  });
  const storage = new FlowStorage({
    flowsDir: environment.flowsDir,
    dataDir: join(environment.dataDir, 'node-red'),
    beforeSave: async () => void (await engine.drain()),
    aborted: () => engine.resume(),
  });
  const { tokens, access, setupCode } = openAccess(environment, ledger, log);
  const server = createServer(serverOptions);
  const settings = nodeRedSettings({
    environment,
    storage,
    engine,
    adminAuth: editorAuth({ tokens, access, ledger, now: Date.now, newId }),
  });
  const flows = { started: false };
  const nodeRed = await embedNodeRed(
    server,
    settings,
    {
      flowsStopping: () => engine.flowsStopping(),
      flowsStarted: (nodes) => {
        engine.flowsStarted(flowVersions(nodes)).then(
          () => (flows.started = true),
          (error: unknown) => log.error({ err: error }, 'flows started, but runs cannot'),
        );
      },
    },
    log,
  );
  const detach = engine.attach(nodeRed.hooks);
  const metrics = new Registry();
  const unwatch = watchRuntime(metrics, engine, ledger);
  const backtests = new Backtests({ ledger, flowsDir: environment.flowsDir }, Date.now, newId);
  const gateway = createGateway({
    ledger,
    intake: engine.intake,
    partners: partnersPort(engine, ledger),
    cases: casesPort(engine),
    replays: engine.replays,
    backtests,
    ready: () => readiness(ledger, flows),
    tokens,
    access,
    dataDir: environment.dataDir,
    fallback: nodeRed.handler,
    now: Date.now,
    newId,
    log,
    metrics,
  });
  server.on('request', gateway.handler);
  await engine.start();
  await listen(server, environment);
  await nodeRed.start();
  const url = `http://${environment.host.includes(':') ? `[${environment.host}]` : environment.host}:${(server.address() as AddressInfo).port}`;
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    await closeServer(server);
    await backtests.stop();
    await engine.stop();
    await nodeRed.stop();
    detach();
    unwatch();
    gateway.close();
    await ledger.close();
    unlock();
  };
  const code = (await access.needsSetup()) ? setupCode : undefined;
  return { url, engine, ledger, log, setupCode: code, stop: () => (stopping ??= stopAll()) };
}

async function readiness(ledger: Ledger, flows: { started: boolean }) {
  const ledgerPart = await ledger.ready().then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, detail: error instanceof Error ? error.message : String(error) }),
  );
  const parts = {
    ledger: ledgerPart,
    dispatch: { ok: true, detail: 'local' },
    bus: { ok: true, detail: 'off' },
    flows: { ok: flows.started },
  };
  return { ok: ledgerPart.ok && flows.started, parts };
}

function listen(server: Server, { port, host }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** New connections are refused at once, answers under way go out, idle connections are closed. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
