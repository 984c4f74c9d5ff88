/** One node of ours in a running Node-RED: what it is sent, what it sends on, whether it completed or failed. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeInitializer } from '@node-red/registry';
import helper from 'node-red-node-test-helper';
import type { Connector } from '../../../lib/connectors/kit/connector';
import type { FlowMessage, NodeEngine } from '../../../lib/engine/api';
import { waitUntil } from '../../support';

/** Folder of the built nodes, beside the built tests. */
export const nodesDir = join(__dirname, '..', '..', '..', 'nodes');
export const nodeNames = readdirSync(nodesDir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(nodesDir, entry.name, 'node.js')))
  .map((entry) => entry.name);
export const loadNode = (name: string): NodeInitializer =>
  require(join(nodesDir, name, 'node.js')) as NodeInitializer;

export interface Setting {
  engine: NodeEngine;
  connectors?: readonly Connector[];
  /** Properties of the node under test; its id is `n`, its tab `tab`. */
  node: { type: string } & Record<string, unknown>;
  outputs?: number;
  /** Environment variables of the tab. */
  env?: { name: string; value: string; type: string }[];
  /** Outputs that nothing listens to. */
  unwired?: number[];
  /** Further nodes; a partner `p` with the id `acme` is there unless this says otherwise. */
  others?: object[];
}

export const acme = {
  id: 'p',
  type: 'reroute-partner',
  partnerId: 'acme',
  connector: 'rest-tms',
  mode: 'automate',
  secrets: {},
  settings: {},
};

export interface Sent {
  output: number;
  message: FlowMessage;
}
export interface Handled {
  sent: Sent[];
  /** What the node reported with `done(error)`. */
  error?: { message: string; source?: { id: string } };
}

export class Bench {
  readonly sent: Sent[] = [];
  private completed = 0;
  private readonly errors: NonNullable<Handled['error']>[] = [];
  readonly status: { fill?: string; shape?: string; text?: string }[] = [];

  static async start(setting: Setting): Promise<Bench> {
    const { engine, connectors = [], node, outputs = 1, unwired = [], others = [acme], env = [] } = setting;
    helper.settings({ reroute: { engine, connectors }, logging: { console: { level: 'off' } } });
    const indexes = [...Array(outputs).keys()];
    const flow = [
      { id: 'tab', type: 'tab', label: 'test', env },
      ...others,
      {
        id: 'n',
        z: 'tab',
        x: 1,
        y: 1,
        wires: indexes.map((index) => (unwired.includes(index) ? [] : [`out${index}`])),
        ...node,
      },
      ...indexes.map((index) => ({ id: `out${index}`, z: 'tab', x: 1, y: 1, type: 'helper', wires: [] })),
      { id: 'catches', z: 'tab', x: 1, y: 1, type: 'catch', scope: ['n'], wires: [['caught']] },
      { id: 'caught', z: 'tab', x: 1, y: 1, type: 'helper', wires: [] },
      { id: 'completes', z: 'tab', x: 1, y: 1, type: 'complete', scope: ['n'], wires: [['completed']] },
      { id: 'completed', z: 'tab', x: 1, y: 1, type: 'helper', wires: [] },
    ];
    await helper.load(nodeNames.map(loadNode), flow);
    return new Bench(indexes);
  }

  private constructor(outputs: number[]) {
    for (const output of outputs)
      this.listen(`out${output}`, (message) => this.sent.push({ output, message }));
    this.listen('completed', () => {
      this.completed += 1;
    });
    this.listen('caught', (message) => {
      this.errors.push(message.error as NonNullable<Handled['error']>);
    });
    this.node.on('call:status', (call) => this.status.push(call.args[0] as { text?: string }));
  }

  private listen(id: string, handler: (message: FlowMessage) => void): void {
    helper.getNode(id).on('input', handler);
  }

  get node(): ReturnType<typeof helper.getNode> {
    return helper.getNode('n');
  }

  /** Hands the node a message and waits until it has completed or failed it. */
  async send(message: FlowMessage): Promise<Handled> {
    const before = { completed: this.completed, errors: this.errors.length, sent: this.sent.length };
    this.node.receive(message);
    await waitUntil(() => this.completed > before.completed || this.errors.length > before.errors, {
      what: 'the node to complete the message',
      timeoutMs: 3000,
      everyMs: 2,
    });
    const error = this.errors[before.errors];
    return { sent: this.sent.slice(before.sent), ...(error === undefined ? {} : { error }) };
  }
}

/** Starts a fresh bench a test, and leaves nothing behind after it. */
export function benches(): (setting: Setting) => Promise<Bench> {
  afterEach(() => helper.unload());
  return (setting) => Bench.start(setting);
}
