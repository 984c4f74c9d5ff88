/**
 * Node-RED with our nodes and an engine in one process, without a socket and without a file: a ledger in memory, a clock that stands
 * still, partners that a script plays. One at a time in a process, as Node-RED is one at a time.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectorById } from '../connectors/kit/registry';
import type { Logger } from '../engine/deps';
import { Engine } from '../engine/engine';
import { defaultLimits } from '../engine/limits';
import type { PartnerCalls } from '../engine/partners/calls';
import type { Hooks } from '../engine/runs/hooks';
import type { FlowNode } from '../flowfiles/format';
import { versionsByPlace } from '../flowfiles/units';
import { type MemoryLedger, openMemoryLedger } from '../ledger/sqlite/memory';
import type { RegionCalendars } from '../model/calendar';
import { FatalError } from '../model/errors';
import { seededIds, VirtualClock } from './clock';
import { MemoryDispatch } from './memory-dispatch';

interface NodeRed {
  init(server: object, settings: Record<string, unknown>): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  hooks: Hooks;
  events: {
    on(name: string, listener: (event: never) => void): void;
    removeAllListeners(name: string): void;
  };
  runtime: { flows: { setFlows(options: object): Promise<unknown> } };
}

/** A node with an old-style handler that sends nothing keeps its message for this long, in real milliseconds. */
const quietGraceMs = 1;
/** The longest interval there is: what looks around by itself must not, where the clock is held. */
const neverMs = 2 ** 31 - 1;
/** Virtual time between two looks at deadlines and clocks, and how often it is looked at most while time goes by. */
const attentionStepMs = 300_000;
const maxLooks = 500;
const defaultStart = Date.parse('2026-03-02T09:00:00Z');
/** Turns of the event loop without anything to do before it counts as quiet. */
const quietTurns = 4;
/** A run that is still at it after so many real milliseconds hangs. */
const hangMs = 20_000;

export class FlowRuntime {
  readonly clock = new VirtualClock();
  readonly ledger: MemoryLedger = openMemoryLedger();
  /** By region; whoever deploys fills it. */
  readonly calendars = new Map<string, RegionCalendars>();
  readonly engine: Engine;
  private readonly dispatch = new MemoryDispatch(this.ledger);
  private readonly ids = seededIds(this.clock.now);
  private flows: FlowNode[] = [];
  private started: (() => void) | undefined;
  private readonly undo: (() => void | Promise<void>)[] = [];
  /** What nodes and the engine said at level warning and above since the scenario began. */
  readonly said: string[] = [];

  /** Ends the settling of what cannot come to an end: a back-test that nobody can answer. */
  isStuck: () => boolean = () => false;

  private constructor(calls: PartnerCalls) {
    const say = (detail: object, words: string) => void this.said.push(`${words} ${JSON.stringify(detail)}`);
    const log: Logger = { info: () => undefined, warn: say, error: say };
    this.engine = new Engine({
      ...{ ledger: this.ledger, dispatch: this.dispatch, calls, log },
      connectors: (id) => connectorById(id),
      environment: {},
      tenant: 'test',
      now: this.clock.now,
      newId: this.ids.next,
      random: () => 0.5,
      calendars: this.calendars,
      limits: { ...defaultLimits, quietGraceMs, freeLanes: true, attentionMs: neverMs },
    });
  }

  static async open(calls: PartnerCalls): Promise<FlowRuntime> {
    const runtime = new FlowRuntime(calls);
    runtime.clock.begin(defaultStart);
    runtime.undo.push(runtime.clock.install());
    try {
      await runtime.start();
    } catch (error) {
      await runtime.close();
      throw error;
    }
    return runtime;
  }

  private async start(): Promise<void> {
    const { default: red } = (await import('node-red')) as unknown as { default: NodeRed };
    const folder = mkdtempSync(join(tmpdir(), 'reroute-flowtest-'));
    this.undo.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'package.json'), '{ "name": "reroute-flowtest", "private": true }\n');
    red.init(createServer(), this.settings(folder));
    red.events.on('flows:stopping', () => this.engine.flowsStopping());
    red.events.on('flows:started', () => this.started?.());
    this.undo.push(this.engine.attach(red.hooks));
    await this.engine.start();
    this.undo.push(() => this.engine.stop());
    await red.start();
    this.undo.push(() => red.stop());
    this.reload = () =>
      red.runtime.flows.setFlows({ flows: { flows: [] }, deploymentType: 'reload', req: {} });
  }

  private reload: () => Promise<unknown> = async () => undefined;

  private settings(folder: string): Record<string, unknown> {
    return {
      userDir: folder,
      nodesDir: join(__dirname, '..', '..', '..'),
      httpAdminRoot: false,
      httpNodeRoot: false,
      disableEditor: true,
      storageModule: this.storage(),
      credentialSecret: false,
      logging: { console: { level: 'off', metrics: false, audit: false } },
      telemetry: { enabled: false, updateNotification: false },
      externalModules: {
        autoInstall: false,
        palette: { allowInstall: false, allowUpload: false },
        modules: { allowInstall: false },
      },
      functionExternalModules: false,
      globalFunctionTimeout: 5,
      reroute: { engine: this.engine },
    };
  }

  private storage(): Record<string, unknown> {
    const nothing = async () => ({});
    return {
      init: nothing,
      getFlows: async () => this.flows,
      saveFlows: nothing,
      getCredentials: nothing,
      saveCredentials: nothing,
      getSettings: nothing,
      saveSettings: nothing,
      getSessions: nothing,
      saveSessions: nothing,
      getLibraryEntry: async () => [],
      saveLibraryEntry: nothing,
    };
  }

  /** Replaces what is deployed. */
  async deploy(flows: FlowNode[]): Promise<void> {
    this.flows = structuredClone(flows);
    const started = new Promise<void>((resolve) => {
      this.started = resolve;
    });
    await this.reload();
    await started;
    await this.engine.flowsStarted(versionsByPlace(flows));
  }

  /** Everything forgotten, and the clock at the beginning. */
  async begin(seed: string, at = defaultStart): Promise<void> {
    this.clock.begin(at);
    this.ids.begin(seed);
    this.said.length = 0;
    this.ledger.reset();
    await this.dispatch.renew();
  }

  /**
   * Until nothing is left to do at this moment. Retries are not waited for: the clock goes to them, and on until nothing is queued.
   * @throws FatalError NOT_QUIET when a run hangs, or fails and is tried again without an end
   */
  async settle(): Promise<void> {
    for (let jumps = 0; jumps < 1_000; jumps += 1) {
      await this.quiet();
      if (this.isStuck()) return;
      const { queued } = await this.ledger.runCounts();
      if (queued === 0) return;
      const next = await this.nextDueAt();
      if (next === undefined) return;
      this.clock.moveTo(next);
      this.dispatch.notifyAll();
    }
    throw new FatalError('NOT_QUIET', 'runs are tried again without an end');
  }

  /** Lets time go by; what becomes due happens in its order. */
  async advanceTo(at: number): Promise<void> {
    for (;;) {
      await this.settle();
      const next = await this.nextDueAt();
      if (next === undefined || next > at || this.isStuck()) break;
      this.clock.moveTo(next);
      this.dispatch.notifyAll();
    }
    this.clock.moveTo(at);
    this.dispatch.notifyAll();
    await this.settle();
  }

  /** As `advanceTo`, with looks at deadlines, clocks of cases and cut-offs on the way. */
  async liveTo(at: number): Promise<void> {
    const step = Math.max(attentionStepMs, (at - this.clock.now()) / maxLooks);
    while (this.clock.now() < at) {
      await this.advanceTo(Math.min(at, this.clock.now() + step));
      await this.engine.attend();
      await this.settle();
    }
  }

  /** When something becomes due next; undefined when nothing will. */
  async nextDueAt(): Promise<number | undefined> {
    const times: number[] = [];
    for (let partition = 0; partition < this.ledger.partitions; partition += 1) {
      const at = await this.ledger.nextDueAt(partition);
      if (at !== undefined) times.push(at);
    }
    return times.length === 0 ? undefined : Math.min(...times);
  }

  private async quiet(): Promise<void> {
    const since = performance.now();
    for (let turns = 0; turns < quietTurns; ) {
      await new Promise((resolve) => setImmediate(resolve));
      turns = this.engine.activeRuns === 0 && !(await this.isDue()) ? turns + 1 : 0;
      if (performance.now() - since > hangMs)
        throw new FatalError('NOT_QUIET', 'a run did not come to its end', {
          hint: 'Look for a node that never completes its message, or a loop without an end.',
        });
    }
  }

  private async isDue(): Promise<boolean> {
    const { running, queued } = await this.ledger.runCounts();
    if (running > 0) return true;
    const next = await this.nextDueAt();
    if (next === undefined || next > this.clock.now()) return false;
    this.dispatch.notifyAll();
    return queued > 0 || next <= this.clock.now();
  }

  async close(): Promise<void> {
    for (const step of this.undo.reverse()) await step();
    await this.ledger.close();
  }
}
