/** The composition root: everything is created here, in order, and stopped in the reverse order. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { connectorById } from '../connectors/kit/registry';
import { LocalDispatch } from '../dispatch/local';
import { AuditSeal } from '../engine/audit/seal';
import { Engine } from '../engine/engine';
import { defaultLimits, type EngineLimits } from '../engine/limits';
import { TargetPolicy } from '../engine/partners/targets';
import { loadCalendars } from '../flowfiles/calendars';
import { CloneKeeper } from '../flowfiles/clones/keeper';
import { parseNodes } from '../flowfiles/files';
import { FlowOperations } from '../flowfiles/operations';
import { FlowService } from '../flowfiles/service';
import { FlowStorage } from '../flowfiles/storage';
import { versionsByPlace } from '../flowfiles/units';
import { Backtests } from '../flowtests/backtest/service';
import { createGateway, serverOptions } from '../gateway/gateway';
import type { Ledger } from '../ledger/port';
import { openSealedLedger } from '../ledger/sealed/open';
import type { RegionCalendars } from '../model/calendar';
import { createLog } from '../telemetry/log';
import { openAccess, openOidc } from './access';
import { auditKey } from './audit-key';
import { runCloneTests } from './clone-tests';
import { actorOf, editorAuth } from './editor-auth';
import { mountTemplates } from './editor-templates';
import { mountVersions } from './editor-versions';
import type { Environment } from './environment';
import { ProcessTestRunner } from './flow-tests';
import { flowRuntime } from './flows';
import { newId } from './ids';
import { lockDataDir } from './lock';
import { promMeter } from './meter';
import { watchRuntime } from './metrics';
import { type EmbeddedNodeRed, embedNodeRed } from './node-red';
import { casesPort, partnersPort } from './ports';
import { nodeRedSettings } from './settings';
import { deployClone, templatesPort } from './templates';
import { tracesOf } from './traces';

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
  const log = options.log ?? createLog(environment.logLevel);
  const unlock = lockDataDir(environment.dataDir);
  const ledger = await openSealedLedger(environment.databaseUrl, environment.payloadKeys);
  const limits = { ...defaultLimits, ...options.limits };
  const owner = `${hostname()}:${process.pid}`;
  const dispatch = new LocalDispatch({ ledger, owner, leaseMs: limits.leaseMs, now: Date.now });
  const metrics = new Registry();
  const traces = tracesOf(environment, owner);
  const flows = { started: false, stoppedAt: 0 };
  const embedded: { nodeRed?: EmbeddedNodeRed } = {};
  const calendars = new Map<string, RegionCalendars>();
  const readCalendars = () =>
    loadCalendars(environment.flowsDir, calendars, (file, error) =>
      log.error({ err: error, file }, 'the calendars of a region cannot be used'),
    );
  readCalendars();
  const engine = new Engine({
    ledger,
    dispatch,
    connectors: connectorById,
    // A copy: reading the live environment asks the operating system every time.
    environment: { ...process.env },
    log,
    tenant: 'default',
    region: environment.region,
    calendars,
    now: Date.now,
    newId,
    random: Math.random,
    limits,
    targets: new TargetPolicy({ inside: !environment.production, allowed: environment.allowedTargets }),
    traces,
    meter: promMeter(metrics),
    nodeAt: (id) => embedded.nodeRed?.nodeAt(id),
  });
  const ready = () => readiness(ledger, flows);
  const flowService = new FlowService({
    ledger,
    runtime: flowRuntime({ engine, nodeRed: () => present(embedded.nodeRed), ready }),
    guard: new CloneKeeper(environment.flowsDir),
    tests: environment.flowTests ? new ProcessTestRunner(environment.flowsDir) : undefined,
    actorOf,
    now: Date.now,
    newId,
    log,
  });
  await flowService.recover(environment.flowsDir);
  const storage = new FlowStorage({
    flowsDir: environment.flowsDir,
    dataDir: join(environment.dataDir, 'node-red'),
    keeper: flowService,
  });
  const { tokens, access, setupCode } = openAccess(environment, ledger, log);
  const seal = new AuditSeal({
    ledger,
    key: auditKey(environment.dataDir, environment.auditKey),
    now: Date.now,
    onError: (error) => log.error({ err: error }, 'the audit could not be signed'),
  });
  const server = createServer(serverOptions);
  const settings = nodeRedSettings({
    environment,
    storage,
    engine,
    adminAuth: editorAuth({ tokens, access, ledger, now: Date.now, newId }),
  });
  const nodeRed = await embedNodeRed(
    server,
    settings,
    {
      flowsStopping: () => {
        Object.assign(flows, { started: false, stoppedAt: Date.now() });
        engine.flowsStopping();
      },
      flowsStarted: (nodes) => {
        readCalendars();
        engine
          .flowsStarted(versionsByPlace(nodes))
          .then(() => {
            flows.started = true;
            return flowService.flowsStarted();
          })
          .catch((error: unknown) => log.error({ err: error }, 'flows started, but runs cannot'));
      },
    },
    log,
  );
  embedded.nodeRed = nodeRed;
  const operations = new FlowOperations(flowService);
  const templates = templatesPort({
    flowsDir: environment.flowsDir,
    now: Date.now,
    deploy: (change) => deployClone(flowService, operations, change),
    runTests: environment.flowTests ? runCloneTests : undefined,
    audit: async (entry) => void (await ledger.appendAudit(0, [{ id: newId(), at: Date.now(), ...entry }])),
  });
  mountTemplates(nodeRed.admin, templates, actorOf);
  mountVersions(nodeRed.admin, operations, actorOf);
  const detach = engine.attach(nodeRed.hooks);
  const unwatch = watchRuntime(metrics, engine, ledger, limits);
  const oidc = openOidc(environment, { access, ledger, now: Date.now, newId, log });
  const backtests = new Backtests(
    {
      ledger,
      flowsDir: environment.flowsDir,
      versions: {
        async nodes(flowId, version) {
          const file = await ledger.flowFile(flowId, version);
          return file?.content === undefined ? undefined : parseNodes(file.content);
        },
      },
    },
    Date.now,
    newId,
  );
  const gateway = createGateway({
    ...(oidc && { oidc }),
    ledger,
    intake: engine.intake,
    partners: partnersPort(engine, ledger),
    cases: casesPort(engine),
    replays: engine.replays,
    backtests,
    flows: operations,
    templates,
    moves: engine,
    alerts: engine.alerts,
    ready,
    tokens,
    access,
    seal,
    dataDir: environment.dataDir,
    consoleDir: join(__dirname, '..', '..', 'console'),
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
  seal.start();
  const url = `http://${environment.host.includes(':') ? `[${environment.host}]` : environment.host}:${(server.address() as AddressInfo).port}`;
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    gateway.endStreams();
    await closeServer(server);
    await backtests.stop();
    await flowService.stop();
    await engine.stop();
    await traces?.stop();
    await nodeRed.stop();
    detach();
    unwatch();
    gateway.close();
    await seal.stop();
    await ledger.close();
    unlock();
  };
  const code = (await access.needsSetup()) ? setupCode : undefined;
  return { url, engine, ledger, log, setupCode: code, stop: () => (stopping ??= stopAll()) };
}

/** Flows that are being replaced are away for a moment; what takes longer has not come back. */
const replacingMs = 10_000;

async function readiness(ledger: Ledger, flows: { started: boolean; stoppedAt: number }) {
  const flowsOk = flows.started || Date.now() - flows.stoppedAt < replacingMs;
  const ledgerPart = await ledger.ready().then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, detail: error instanceof Error ? error.message : String(error) }),
  );
  const parts = {
    ledger: ledgerPart,
    dispatch: { ok: true, detail: 'local' },
    bus: { ok: true, detail: 'off' },
    flows: { ok: flowsOk },
  };
  return { ok: ledgerPart.ok && flowsOk, parts };
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

/** @throws TypeError while it is not there yet */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('Node-RED is not embedded yet');
  return value;
}
