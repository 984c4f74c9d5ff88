/** Back-tests of a running runtime: one at a time, and the newest ones remembered until it stops. */
import { FatalError } from '../../model/errors';
import { type BacktestDeps, backtest } from './backtest';
import { candidateNodes, findFlow } from './candidate';
import type { BacktestReport, BacktestRequest, Candidate } from './model';

export interface Backtest {
  id: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  flow: string;
  /** Cases played so far. */
  cases: number;
  startedAt: number;
  endedAt?: number;
  report?: BacktestReport;
  /** Why it failed. */
  message?: string;
}

const remembered = 50;

export class Backtests {
  private readonly known = new Map<string, Backtest>();
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly deps: Pick<BacktestDeps, 'ledger' | 'flowsDir' | 'versions' | 'workers'>,
    private readonly now: () => number,
    private readonly newId: () => string,
  ) {}

  get(id: string): Backtest | undefined {
    return this.known.get(id);
  }

  /** @throws FatalError BACKTEST_RUNNING, or what is wrong with flow and candidate */
  async start(request: BacktestRequest, candidate: Candidate): Promise<Backtest> {
    await candidateNodes(
      findFlow(this.deps.flowsDir, request.flow),
      request.flow,
      candidate,
      this.deps.versions,
    );
    if (this.running)
      throw new FatalError('BACKTEST_RUNNING', 'another back-test is under way', {
        hint: 'It takes the cores that it can get; wait for its end.',
      });
    const entry: Backtest = {
      ...{ id: this.newId(), state: 'running', flow: request.flow, cases: 0, startedAt: this.now() },
    };
    this.remember(entry);
    this.running = this.run(entry, request, candidate).finally(() => {
      this.running = undefined;
    });
    return entry;
  }

  private async run(entry: Backtest, request: BacktestRequest, candidate: Candidate): Promise<void> {
    const deps = {
      ...this.deps,
      progress: (cases: number) => {
        entry.cases = cases;
      },
      isCancelled: () => this.stopping,
    };
    try {
      entry.report = await backtest(deps, request, candidate);
      entry.state = this.stopping ? 'cancelled' : 'done';
    } catch (error) {
      entry.state = 'failed';
      entry.message = error instanceof Error ? error.message : String(error);
    } finally {
      entry.endedAt = this.now();
    }
  }

  private remember(entry: Backtest): void {
    this.known.set(entry.id, entry);
    const [oldest] = this.known.keys();
    if (this.known.size > remembered && oldest !== undefined) this.known.delete(oldest);
  }

  /** Ends what is under way; its worker processes are gone when it resolves. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }
}
