/** The worker processes of one back-test, and batches of cases between them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FlowNode } from '../../flowfiles/format';
import type { CalendarBook } from '../../model/calendar';
import { FatalError } from '../../model/errors';
import type { BacktestCase, CaseResult } from './model';
import type { FromBacktestWorker, ToBacktestWorker } from './worker';

/** Environment that a worker needs; settings and secrets of the runtime are none of its business. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG'] as const;

/** What every worker plays on. */
export interface Stage {
  flows: FlowNode[];
  calendars: CalendarBook;
}

class WorkerProcess {
  private waiting: ((message: FromBacktestWorker) => void) | undefined;
  private failed: Error | undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message: FromBacktestWorker) => this.take(message));
    child.on('exit', (code) => this.take({ kind: 'failed', message: `the worker ended with ${code}` }));
  }

  static async start({ flows, calendars }: Stage): Promise<WorkerProcess> {
    const env = Object.fromEntries(
      passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    const child = fork(join(__dirname, 'worker.js'), [], {
      serialization: 'advanced',
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const worker = new WorkerProcess(child);
    await worker.ask({ kind: 'flows', flows, calendars });
    return worker;
  }

  private take(message: FromBacktestWorker): void {
    if (message.kind === 'failed') this.failed ??= new FatalError('BACKTEST_FAILED', message.message);
    this.waiting?.(message);
  }

  private async ask(message: ToBacktestWorker): Promise<FromBacktestWorker> {
    const answered = new Promise<FromBacktestWorker>((resolve) => {
      this.waiting = resolve;
    });
    if (this.failed) throw this.failed;
    this.child.send(message);
    const answer = await answered;
    this.waiting = undefined;
    if (this.failed) throw this.failed;
    return answer;
  }

  async play(cases: BacktestCase[]): Promise<CaseResult[]> {
    const answer = await this.ask({ kind: 'cases', cases });
    return answer.kind === 'results' ? answer.results : [];
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    if (this.failed || !this.child.connected) this.child.kill();
    else this.child.send({ kind: 'end' });
    await ended;
  }
}

/**
 * Plays every batch on one of at most `size` workers, each started when there is a batch for it; `take` hears of each as it comes, in no
 * order.
 * @throws FatalError BACKTEST_FAILED when a worker ends
 */
export async function playAll(
  stage: Stage,
  batches: AsyncIterable<BacktestCase[]>,
  size: number,
  take: (results: CaseResult[]) => void,
): Promise<void> {
  const source = batches[Symbol.asyncIterator]();
  const work = async (): Promise<void> => {
    let worker: WorkerProcess | undefined;
    try {
      for (let next = await source.next(); !next.done; next = await source.next()) {
        worker ??= await WorkerProcess.start(stage);
        take(await worker.play(next.value));
      }
    } finally {
      await worker?.stop();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: size }, work));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
