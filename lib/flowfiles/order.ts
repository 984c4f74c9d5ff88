/** A deploy on its way through Node-RED: who, why and how it is to be treated. Stands where Node-RED's user would. */
import type { FlowDeployment, FlowSource } from '../ledger/flows';
import type { FlowTestResult } from './test-runner';

export interface OrderRequest {
  author: string;
  /** Empty: each version says what was done to its nodes. */
  message: string;
  source: FlowSource;
  /** How long its health is watched afterwards, milliseconds; 0 for not at all. */
  watchMs: number;
  /** `all`: no error may stand. `new`: an error that what runs has already does not refuse it. `none`: it did run before. */
  refuse: 'all' | 'new' | 'none';
  /** Where flows stand that have no file yet. */
  paths?: ReadonlyMap<string, string>;
  tests?: FlowTestResult | undefined;
}

export class DeployOrder {
  /** Node-RED's log names the user of a deploy so. */
  readonly username: string;
  readonly permissions = '*';
  /** What came of it; absent where nothing had changed. */
  recorded: FlowDeployment | undefined;

  constructor(readonly request: OrderRequest) {
    this.username = request.author;
  }
}

/** @param user as Node-RED knows who pressed Deploy */
export function editorOrder(user: unknown, actorOf: (username: string) => string): DeployOrder {
  const named = typeof user === 'object' && user !== null && 'username' in user ? user.username : undefined;
  return new DeployOrder({
    author: typeof named === 'string' && named !== '' ? actorOf(named) : 'system',
    message: '',
    source: 'editor',
    watchMs: 0,
    refuse: 'new',
  });
}
