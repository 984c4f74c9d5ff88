/** The parts of node-red-node-test-helper that our tests use; the package brings no types. */
declare module 'node-red-node-test-helper' {
  import type { NodeInitializer } from '@node-red/registry';
  import type { FlowMessage } from '../../../lib/engine/api';

  interface LoadedNode {
    id: string;
    receive(message: FlowMessage): void;
    on(event: 'input', handler: (message: FlowMessage) => void): void;
    on(event: 'call:status', handler: (call: { args: unknown[] }) => void): void;
  }
  interface Helper {
    settings(settings: object): unknown;
    load(nodes: NodeInitializer[], flow: object[], credentials?: object): Promise<void>;
    unload(): Promise<void>;
    getNode(id: string): LoadedNode & Record<string, unknown>;
    request(): { get(path: string): Call; post(path: string): Call };
    startServer(done: (error?: Error) => void): void;
    stopServer(done: (error?: Error) => void): void;
  }
  interface Call extends Promise<{ status: number; body: unknown }> {
    query(query: object): Call;
    send(body: unknown): Call;
  }
  const helper: Helper;
  export = helper;
}
