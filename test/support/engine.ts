/** A whole engine on a real ledger in a temporary folder, inside the Node-RED of node-red-node-test-helper. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import helper from 'node-red-node-test-helper';
import { v7 } from 'uuid';
import type { Connector } from '../../lib/connectors/kit/connector';
import { LocalDispatch } from '../../lib/dispatch/local';
import type {
  AskRequest,
  FlowMessage,
  PartnerConfig,
  PartnerMode,
  VerifyRequest,
} from '../../lib/engine/api';
import type { Logger } from '../../lib/engine/deps';
import { Engine } from '../../lib/engine/engine';
import { defaultLimits, type EngineLimits } from '../../lib/engine/limits';
import type { Meter } from '../../lib/engine/meter';
import type { Hooks } from '../../lib/engine/runs/hooks';
import { openLedger } from '../../lib/ledger/open';
import type { Ledger } from '../../lib/ledger/port';
import type { CalendarBook } from '../../lib/model/calendar';
import { UnknownOutcomeError } from '../../lib/model/errors';
import { policyTable } from '../../lib/model/policy';
import type { Traces } from '../../lib/telemetry/traces';
import { type TestDelivery, testConnector } from './test-partner';

export interface TestEngine {
  engine: Engine;
  ledger: Ledger;
  deliver(delivery: TestDelivery | string): Promise<string>;
  /** Waits until no run is queued or running. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const quietLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const hooksOf = () => (require('@node-red/util') as { hooks: Hooks }).hooks;

function ledgerUrl(dir: string, server: string | undefined): string {
  if (server === undefined) return `sqlite:${join(dir, 'ledger.db')}`;
  return `${server}?schema=${basename(dir)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '_')}`;
}

export async function openTestEngine(
  options: {
    limits?: Partial<EngineLimits>;
    dir?: string;
    /** A PostgreSQL server's URL: the ledger is a schema of it, by the name of the folder. The default is TEST_LEDGER, or a file. */
    server?: string | undefined;
    endpoint?: string;
    mode?: PartnerMode;
    now?: () => number;
    calendars?: CalendarBook;
    /** Beside the test connector. */
    connectors?: readonly Connector[];
    /** More of the configuration of partner `p`. */
    partner?: Partial<PartnerConfig>;
    meter?: Meter;
    traces?: Traces;
    log?: Logger;
  } = {},
): Promise<TestEngine> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'reroute-engine-'));
  const ledger = await openLedger(ledgerUrl(dir, options.server ?? process.env.TEST_LEDGER));
  const limits = { ...defaultLimits, retryBaseMs: 10, retryCeilingMs: 50, drainMs: 500, ...options.limits };
  const engine = new Engine({
    ledger,
    dispatch: new LocalDispatch({
      ledger,
      owner: v7(),
      leaseMs: limits.leaseMs,
      now: options.now ?? Date.now,
    }),
    connectors: (id) =>
      [testConnector, ...(options.connectors ?? [])].find(({ manifest }) => manifest.id === id),
    environment: {},
    log: options.log ?? quietLog,
    meter: options.meter,
    traces: options.traces,
    tenant: 'test',
    now: options.now ?? Date.now,
    calendars: options.calendars,
    newId: v7,
    random: Math.random,
    limits,
  });
  engine.registerPartner({
    id: 'p',
    connectorId: 'test',
    endpoint: options.endpoint ?? '',
    secrets: {},
    limits: {},
    mode: options.mode ?? 'automate',
    region: '',
    settings: {},
    ...options.partner,
  });
  const detach = engine.attach(hooksOf());
  await engine.start();
  return {
    engine,
    ledger,
    async deliver(delivery) {
      const body = Buffer.from(typeof delivery === 'string' ? delivery : JSON.stringify(delivery));
      const answer = await engine.intake.accept('p', {
        headers: { 'content-type': 'application/json' },
        body,
      });
      if (answer.kind !== 'accepted') throw new Error(`delivery was ${answer.kind}`);
      return answer.id;
    },
    async quiet() {
      const deadline = Date.now() + 15_000;
      for (;;) {
        const counts = await ledger.runCounts();
        if (counts.queued + counts.running === 0 && engine.activeRuns === 0) return;
        if (Date.now() > deadline) throw new Error(`runs are still live: ${JSON.stringify(counts)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await engine.stop();
      detach();
      await ledger.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

type RegisterNodes = (RED: never) => void;
const core = (path: string) => require(`@node-red/nodes/core/${path}`) as RegisterNodes;

/** The core nodes that stand between ours in the tests. */
export const coreNodes: RegisterNodes[] = [
  core('common/20-inject.js'),
  core('common/25-catch.js'),
  core('common/24-complete.js'),
  core('common/60-link.js'),
  core('function/10-function.js'),
  core('function/10-switch.js'),
  core('function/15-change.js'),
  core('function/89-delay.js'),
  core('sequence/17-split.js'),
  core('network/21-httprequest.js'),
];

interface Minimal {
  id: string;
  z: string;
  send(message: object): void;
  receive(message: object): void;
  on(
    event: 'input',
    handler: (message: object, send: (message: object) => void, done: (error?: unknown) => void) => void,
  ): void;
  on(event: 'close', handler: () => void): void;
}
interface MinimalRed {
  nodes: {
    createNode(node: Minimal, config: object): void;
    registerType(type: string, build: (this: Minimal, config: Record<string, unknown>) => void): void;
  };
}

const oneOutcome = policyTable.parse({
  name: 'always',
  version: '1.0.0',
  inputs: [{ name: 'any', type: 'string', required: false }],
  outputs: [{ name: 'outcome' }],
  rows: [{ when: {}, then: { outcome: 'ACT' } }],
});

/** `test-in`, `test-case` and `test-alert` start runs, `test-ask` asks people, `test-verify` reads back, `test-decide` decides on ACT, `test-act` performs an operation (an unknown outcome fails it, as nobody is wired), `test-normalize` maps, `test-record` records, `test-sink` collects. */
export function testNodes(engine: Engine, sink: object[]): RegisterNodes {
  return ((RED: MinimalRed) => {
    RED.nodes.registerType('test-in', function (config) {
      RED.nodes.createNode(this, config);
      const off = engine.registerSource({
        kind: 'partner-in',
        partnerId: 'p',
        node: { id: this.id, type: 'test-in', z: this.z },
        deliver: (message) => this.send(message),
      });
      this.on('close', off);
    });
    RED.nodes.registerType('test-case', function (config) {
      RED.nodes.createNode(this, config);
      const off = engine.registerSource({
        kind: 'exception-in',
        node: { id: this.id, type: 'test-case', z: this.z },
        ...{ codes: [], regions: [], partners: [], updates: config.updates === true },
        deliver: (message) => this.send(message),
      });
      this.on('close', off);
    });
    RED.nodes.registerType('test-decide', function (config) {
      RED.nodes.createNode(this, config);
      const ref = { id: this.id, type: 'test-decide', z: this.z };
      this.on('input', (message, send, done) => {
        const work = async () => {
          await engine.enrich(message as FlowMessage, ref, {});
          await engine.decide(message as FlowMessage, ref, oneOutcome, {});
          send({ ...message, payload: { id: 'S1' } });
        };
        work().then(() => done(), done);
      });
    });
    RED.nodes.registerType('test-alert', function (config) {
      RED.nodes.createNode(this, config);
      const off = engine.registerSource({
        kind: 'alert-in',
        node: { id: this.id, type: 'test-alert', z: this.z },
        channel: config.channel === 'technical' ? 'technical' : 'business',
        ...{ rules: [], regions: [], severity: 'S4' },
        deliver: (message) => this.send({ ...message, payload: { id: 'told' } }),
      });
      this.on('close', off);
    });
    RED.nodes.registerType('test-ask', function (config) {
      RED.nodes.createNode(this, config);
      const ref = { id: this.id, type: 'test-ask', z: this.z };
      const off = engine.registerSource({
        kind: 'resume',
        node: ref,
        resume: (message) => this.receive(message),
      });
      this.on('input', (message, send, done) => {
        const work = async () => {
          await engine.enrich(message as FlowMessage, ref, {});
          const outcome = await engine.ask(message as FlowMessage, {
            ...(config.question as Omit<AskRequest, 'node'>),
            node: ref,
          });
          if (outcome.kind !== 'parked') send({ ...message, answer: outcome, payload: { id: 'S1' } });
        };
        work().then(() => done(), done);
      });
      this.on('close', off);
    });
    RED.nodes.registerType('test-verify', function (config) {
      RED.nodes.createNode(this, config);
      const ref = { id: this.id, type: 'test-verify', z: this.z };
      const off = engine.registerSource({
        kind: 'resume',
        node: ref,
        resume: (message) => this.receive(message),
      });
      this.on('input', (message, send, done) => {
        engine
          .verify(message as FlowMessage, { ...(config.request as Omit<VerifyRequest, 'node'>), node: ref })
          .then((outcome) => {
            if (outcome.kind !== 'parked') send({ ...message, verified: outcome });
            done();
          }, done);
      });
      this.on('close', off);
    });
    RED.nodes.registerType('test-act', function (config) {
      RED.nodes.createNode(this, config);
      const ref = { id: this.id, type: 'test-act', z: this.z };
      const off = engine.registerSource({
        kind: 'resume',
        node: ref,
        resume: (message) => this.receive(message),
      });
      const act = (message: Record<string, unknown>, done: (error?: unknown) => void) => {
        const id = String(
          (message.payload as { id?: string; seq?: number }).id ??
            (message.payload as { shipment?: string }).shipment,
        );
        engine
          .perform(message, {
            node: config.mode === undefined ? ref : { ...ref, mode: config.mode as PartnerMode },
            partnerId: String(config.partner ?? 'p'),
            operation: String(config.operation),
            step: String(config.step ?? this.id),
            // `breaksLater`: what the input is mapped from is gone at the second attempt.
            input: config.breaksLater && attemptOf(message) > 1 ? {} : { id, value: message.payload },
            pivot: config.pivot === true,
          })
          .then(
            (outcome) => {
              message.outcome = outcome;
              if (outcome.kind === 'unknown') {
                done(new UnknownOutcomeError('UNKNOWN_OUTCOME', outcome.message));
                return;
              }
              if (outcome.kind !== 'parked') this.send(message);
              done();
            },
            (error: unknown) => done(error),
          );
      };
      this.on('input', (message, _send, done) => act(message as Record<string, unknown>, done));
      this.on('close', off);
    });
    RED.nodes.registerType('test-compensate', function (config) {
      RED.nodes.createNode(this, config);
      const ref = { id: this.id, type: 'test-compensate', z: this.z };
      this.on('input', (message, send, done) => {
        engine.compensate(message as FlowMessage, ref).then((compensation) => {
          send({ ...message, compensation });
          done();
        }, done);
      });
    });
    RED.nodes.registerType('test-record', function (config) {
      RED.nodes.createNode(this, config);
      const ref = { id: this.id, type: 'test-record', z: this.z };
      this.on('input', (message, send, done) => {
        const work = async () => {
          const { facts } = await engine.normalize(message as FlowMessage);
          await engine.record(message as FlowMessage, ref, facts);
          send(message);
        };
        work().then(() => done(), done);
      });
    });
    RED.nodes.registerType('test-normalize', function (config) {
      RED.nodes.createNode(this, config);
      this.on('input', (message, send, done) => {
        const ref = { id: this.id, type: 'test-normalize', z: this.z };
        const work = async () => {
          const { facts, reports } = await engine.normalize(message as FlowMessage);
          if (config.report) await engine.report(message as FlowMessage, ref, reports);
          send({ ...message, facts });
        };
        work().then(() => done(), done);
      });
    });
    RED.nodes.registerType('test-sink', function (config) {
      RED.nodes.createNode(this, config);
      this.on('input', (message, _send, done) => {
        sink.push(message);
        done();
      });
    });
  }) as RegisterNodes;
}

const attemptOf = (message: Record<string, unknown>) => (message as FlowMessage).reroute?.attempt ?? 1;

(helper as unknown as { init(path: string): void }).init(require.resolve('node-red'));

/** Node-RED takes a node without a place on the canvas for a configuration node. */
const placed = (node: object) => ('wires' in node ? { x: 10, y: 10, ...node } : node);

/** Deploys a flow on one tab and lets the engine take runs. */
export async function deploy(
  test: TestEngine,
  sink: object[],
  nodes: object[],
  settings: object = {},
): Promise<void> {
  helper.settings(settings);
  await helper.load(
    [...coreNodes, testNodes(test.engine, sink)] as never,
    [{ id: 'tab', type: 'tab', label: 'test' }, ...nodes.map(placed)] as never,
  );
  await test.engine.flowsStarted(new Map([['tab', 'v1']]));
}

export async function undeploy(): Promise<void> {
  await helper.unload();
}
