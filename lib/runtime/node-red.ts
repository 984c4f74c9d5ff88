/** Node-RED embedded in our own HTTP server: https://nodered.org/docs/user-guide/runtime/embedding */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { FlowMessage, NodeRef } from '../engine/api';
import type { Logger } from '../engine/deps';
import type { Hooks } from '../engine/runs/hooks';
import type { FlowNode } from '../flowfiles/format';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Node-RED's admin application, as far as calls are added to it. */
export interface AdminApp extends Handler {
  get(path: string, ...handlers: RequestHandler[]): unknown;
  post(path: string, ...handlers: RequestHandler[]): unknown;
}

export interface Admin {
  app: AdminApp;
  needs(permission: string): RequestHandler;
}

interface NodeRed {
  init(server: Server, settings: Record<string, unknown>): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  httpAdmin: AdminApp;
  auth: { needsPermission(permission: string): RequestHandler };
  httpNode: Handler;
  hooks: Hooks;
  events: {
    on(name: string, listener: (event: { config?: { flows?: FlowNode[] } }) => void): void;
    removeAllListeners(name: string): void;
  };
  nodes: {
    getNode(id: string): RunningNode | null | undefined;
    getNodeList(): { types?: string[]; enabled?: boolean }[];
  };
  runtime: {
    flows: {
      getFlows(options: object): Promise<{ flows?: FlowNode[]; rev?: string } | null | undefined>;
      setFlows(options: {
        flows: { flows: FlowNode[]; rev: string };
        deploymentType: string;
        user: unknown;
      }): Promise<unknown>;
    };
  };
  log: { addHandler(handler: { emit?: unknown; on?: unknown }): void; removeHandler(handler: unknown): void };
}

/** A node as it runs; `_inputCallback` is where Node-RED keeps the handler of its input. */
interface RunningNode {
  id: string;
  type: string;
  name?: string;
  z?: string;
  _inputCallback?: unknown;
  receive(message: FlowMessage): void;
}

/** One log entry of Node-RED: levels are its own numbers, 20 error to 60 trace. */
interface LogEntry {
  level: number;
  msg?: unknown;
  type?: string;
  id?: string;
  name?: string;
}

export interface EmbeddedNodeRed {
  hooks: Hooks;
  /** Everything below `/editor` and `/flows`. */
  handler: Handler;
  /** Where calls of the editor's own pages are added. */
  admin: Admin;
  /** Node types that are installed and switched on. */
  types(): Set<string>;
  /** What runs, and the revision that a write names. */
  current(): Promise<{ nodes: FlowNode[]; rev: string }>;
  /** Deploys everything. `user` reaches the storage as it is. Rejects with the code `version_mismatch` when `rev` is stale. */
  setFlows(nodes: FlowNode[], rev: string, user: unknown): Promise<void>;
  /** A running node with an input. */
  nodeAt(id: string): { node: NodeRef; receive(message: FlowMessage): void } | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface NodeRedEvents {
  flowsStarted(flows: FlowNode[]): void;
  flowsStopping(): void;
}

export async function embedNodeRed(
  server: Server,
  settings: Record<string, unknown>,
  events: NodeRedEvents,
  log: Logger,
): Promise<EmbeddedNodeRed> {
  const { default: red } = (await import('node-red')) as unknown as { default: NodeRed };
  red.init(server, settings);
  const listener = (event: { config?: { flows?: FlowNode[] } }) =>
    events.flowsStarted(event.config?.flows ?? []);
  red.events.on('flows:started', listener);
  red.events.on('flows:stopping', () => events.flowsStopping());
  logInto(red, log);
  return {
    hooks: red.hooks,
    admin: { app: red.httpAdmin, needs: (permission) => red.auth.needsPermission(permission) },
    handler: mounted({ '/editor': red.httpAdmin, '/flows': red.httpNode }),
    types: () =>
      new Set(red.nodes.getNodeList().flatMap(({ types = [], enabled }) => (enabled === false ? [] : types))),
    async current() {
      const active = await red.runtime.flows.getFlows({});
      return { nodes: active?.flows ?? [], rev: active?.rev ?? '' };
    },
    async setFlows(flows, rev, user) {
      await red.runtime.flows.setFlows({ flows: { flows, rev }, deploymentType: 'full', user });
    },
    nodeAt: (id) => inputOf(red.nodes.getNode(id)),
    start: () => red.start(),
    stop: () => red.stop(),
  };
}

function inputOf(found: RunningNode | null | undefined) {
  if (!found?._inputCallback) return undefined;
  const { id, type, name, z = '' } = found;
  const node: NodeRef = { id, type, z, ...(name ? { name } : {}) };
  return { node, receive: (message: FlowMessage) => found.receive(message) };
}

/** Mounts as Express does, without an Express around it: Express 5 around Node-RED's own Express 4 breaks its `http in` node. */
function mounted(apps: Record<string, Handler>): Handler {
  return (request, response) => {
    const url = request.url ?? '/';
    const prefix = Object.keys(apps).find(
      (path) => url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`),
    );
    const app = prefix === undefined ? undefined : apps[prefix];
    if (prefix === undefined || !app) {
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end('{"type":"about:blank","title":"Not Found","status":404}');
      return;
    }
    if (url === prefix) {
      response.writeHead(302, { location: `${prefix}/` }).end();
      return;
    }
    const rest = url.slice(prefix.length);
    Object.assign(request, {
      originalUrl: url,
      baseUrl: prefix,
      url: rest.startsWith('/') ? rest : `/${rest}`,
    });
    app(request, response);
  };
}

/** Node-RED's log handlers are event emitters that get `log` events. */
function logInto(red: NodeRed, log: Logger): void {
  const handler = new EventEmitter();
  handler.on('log', (entry: LogEntry) => {
    const detail = { nodeType: entry.type, nodeId: entry.id, nodeName: entry.name };
    const text = entry.msg instanceof Error ? entry.msg.message : String(entry.msg ?? '');
    if (entry.level <= 20) log.error(detail, text);
    else if (entry.level <= 30) log.warn(detail, text);
    else if (entry.level <= 40) log.info(detail, text);
  });
  red.log.addHandler(handler);
}
