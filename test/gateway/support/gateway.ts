/** A gateway on a free port over a real SQLite ledger, with the engine's own case service and replays behind it. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { cpSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { LocalDispatch } from '../../../lib/dispatch/local';
import type { PartnerStatus } from '../../../lib/engine/api';
import { Alerts } from '../../../lib/engine/attention/alerts';
import { AuditSeal } from '../../../lib/engine/audit/seal';
import { CaseService } from '../../../lib/engine/cases/service';
import type { EngineDeps } from '../../../lib/engine/deps';
import { defaultLimits } from '../../../lib/engine/limits';
import { Replays } from '../../../lib/engine/replays';
import { Sources } from '../../../lib/engine/sources';
import { moveDeadLetter } from '../../../lib/engine/stranded';
import { fileTarget } from '../../../lib/flowfiles/clones/files';
import { Backtests } from '../../../lib/flowtests/backtest/service';
import { Access, type AccessSettings } from '../../../lib/gateway/access/access';
import type {
  GatewayDeps,
  IntakeAnswer,
  IntakePort,
  PartnersPort,
  Readiness,
} from '../../../lib/gateway/deps';
import { createGateway, serverOptions } from '../../../lib/gateway/gateway';
import type { Role } from '../../../lib/gateway/roles';
import { createToken, openTokenStore } from '../../../lib/gateway/tokens';
import { openLedger } from '../../../lib/ledger/open';
import type { Ledger } from '../../../lib/ledger/port';
import { partitionOf } from '../../../lib/model/keys';
import { templatesPort } from '../../../lib/runtime/templates';
import { root, tempDir } from '../../support';
import { openFlows, type TestFlows } from '../../support/flow-service';

export const adminToken = 'admin-token-of-the-tests';

export interface TestGateway {
  url: string;
  port: number;
  ledger: Ledger;
  dataDir: string;
  /** What became wrong inside: a test that expects nothing of the kind looks here. */
  logged: { level: string; detail: object; text: string }[];
  readiness: { current: Readiness };
  intake: TestIntake;
  flows: TestFlows;
  deps: Omit<GatewayDeps, 'hub'>;
  token(role: Role): string;
  stop(): Promise<void>;
}

/** Takes deliveries of `acme` (limit 1000 bytes, token `right`) into the real ledger; the header `x-event` is the idempotency key. */
export class TestIntake implements IntakePort {
  readonly limits: Record<string, number> = { acme: 1_000 };
  /** Answered instead, when set. */
  next: IntakeAnswer | Error | undefined;
  accepted = 0;

  constructor(private readonly ledger: Ledger) {}

  maxBody(partner: string): number | undefined {
    return Object.hasOwn(this.limits, partner) ? this.limits[partner] : undefined;
  }

  async accept(partner: string, request: Parameters<IntakePort['accept']>[1]): Promise<IntakeAnswer> {
    if (this.next instanceof Error) throw this.next;
    if (this.next) return this.next;
    const token = new URLSearchParams(request.query).get('token') ?? request.headers['x-token'];
    if (token !== 'right') return { kind: 'unauthorized', reason: 'the token is wrong' };
    const id = uuidv7();
    const contentHash = createHash('sha256').update(request.body).digest('hex');
    const dedupKey = request.headers['x-event'] ?? contentHash;
    const partition = partitionOf(dedupKey, this.ledger.partitions);
    const [result] = await this.ledger.accept(partition, [
      {
        id,
        partner,
        dedupKey,
        contentHash,
        orderKey: dedupKey,
        mediaType: request.headers['content-type'] ?? 'application/octet-stream',
        headers: {},
        body: request.body,
        receivedAt: Date.now(),
        correlationId: id,
      },
    ]);
    assert.ok(result);
    this.accepted += 1;
    if (result.status === 'duplicate')
      return { kind: 'duplicate', id: result.id, correlationId: result.correlationId };
    if (result.status === 'conflict') return { kind: 'conflict', id: result.id, firstId: result.firstId };
    return { kind: 'accepted', id: result.id, correlationId: id };
  }
}

/** Hashes for tests: the form of the real ones at a hundredth of their cost. */
const cheap = { ln: 8, r: 8, p: 1 };

export async function startGateway(
  limits: GatewayDeps['limits'] = {},
  access: AccessSettings = {},
  now: () => number = Date.now,
): Promise<TestGateway> {
  const dataDir = tempDir('gateway');
  const ledger = await openLedger(`sqlite:${join(dataDir, 'ledger.db')}`, { partitions: 4 });
  const logged: TestGateway['logged'] = [];
  const logAs = (level: string) => (detail: object, text: string) =>
    void logged.push({ level, detail, text });
  const log = { info: logAs('info'), warn: logAs('warn'), error: logAs('error') };
  const engine: EngineDeps = {
    ledger,
    dispatch: new LocalDispatch({ ledger, owner: 'test', leaseMs: 60_000, now: Date.now }),
    connectors: () => undefined,
    environment: {},
    log,
    tenant: 't',
    now: Date.now,
    newId: uuidv7,
    random: () => 0.5,
    limits: defaultLimits,
  };
  const readiness = { current: { ok: true, parts: { ledger: { ok: true } } } as Readiness };
  const intake = new TestIntake(ledger);
  const flows = openFlows(ledger);
  const replays = new Replays(engine, async () => ({
    effects: [],
    withheld: [],
    notes: [],
    failed: false,
    finish: () => undefined,
  }));
  const tokens = openTokenStore({ dataDir, adminToken });
  const settings = { passwordCost: cheap, ...access };
  const deps: Omit<GatewayDeps, 'hub'> = {
    ledger,
    consoleDir: join(root, 'dist', 'console'),
    intake,
    partners: testPartners(),
    cases: new CaseService(engine),
    backtests: new Backtests({ ledger, flowsDir: join(root, 'flows'), workers: 1 }, now, uuidv7),
    alerts: new Alerts(engine, new Sources()),
    flows: flows.operations,
    moves: { moveDeadLetter: (request) => moveDeadLetter(engine, replays, request) },
    replays,
    templates: testTemplates(dataDir, ledger),
    ready: async () => readiness.current,
    tokens,
    access: new Access({ ledger, tokens, now, settings }),
    seal: new AuditSeal({
      ledger,
      key: generateKeyPairSync('ed25519').privateKey,
      now: Date.now,
      onError: (error) => void logged.push({ level: 'error', detail: { error }, text: 'seal' }),
    }),
    dataDir,
    fallback,
    now,
    newId: uuidv7,
    log,
    metrics: new Registry(),
    limits,
  };
  const gateway = createGateway(deps);
  const server = createServer(serverOptions, gateway.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const made = new Map<Role, string>();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    ledger,
    dataDir,
    logged,
    readiness,
    intake,
    flows,
    deps,
    token(role) {
      const known =
        made.get(role) ?? createToken({ dataDir, name: `the-${role}`, role, now: Date.now() }).token;
      made.set(role, known);
      return known;
    },
    async stop() {
      gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await ledger.close();
    },
  };
}

/** The starter's templates and clones, on files that nobody runs. */
function testTemplates(dataDir: string, ledger: Ledger): GatewayDeps['templates'] {
  const flowsDir = join(dataDir, 'flows');
  cpSync(join(root, 'flows'), flowsDir, { recursive: true });
  return templatesPort({
    flowsDir,
    deploy: (change) => fileTarget(flowsDir).save(change),
    audit: async (entry) => void (await ledger.appendAudit(0, [{ id: uuidv7(), at: Date.now(), ...entry }])),
    now: Date.now,
  });
}

function fallback(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(418, { 'content-type': 'text/plain' });
  response.end(`node-red got ${request.url}`);
}

/** Two partners, one in Germany and one in the US; their lanes are the engine's business. */
function testPartners(): PartnersPort {
  const one = (id: string, region: string): PartnerStatus => ({
    id,
    connectorId: 'rest',
    title: id,
    region,
    mode: 'observe',
    limits: { ratePerSecond: 1, concurrency: 1, timeoutMs: 1_000, maxBodyBytes: 1_000, inboundPerSecond: 10 },
    breaker: 'closed',
    control: undefined,
    lane: { waiting: 0, active: 0 },
    calls: id === 'acme' ? { ok: 3, failed: 1 } : { ok: 0, failed: 0 },
    backlog: 0,
  });
  const known = new Map([one('acme', 'DE'), one('globex', 'US')].map((status) => [status.id, status]));
  return {
    list: () => [...known.values()],
    get: (id) => known.get(id),
    inspect: async () => ({ facts: [], reports: [] }),
    async act(id, action, by, reason, mode) {
      const status = known.get(id);
      if (!status) return undefined;
      const held = action === 'hold' || action === 'drain';
      const next = {
        ...status,
        ...(mode && { mode }),
        control: { partner: id, held, draining: action === 'drain', by, reason, at: Date.now() },
      };
      known.set(id, next);
      return next;
    },
  };
}
