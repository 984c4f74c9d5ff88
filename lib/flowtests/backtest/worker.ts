/**
 * A process of its own that plays recorded cases on a candidate: the live engine, its event loop and its Node-RED stay out of it.
 * Messages in: `flows` once, then `cases`, each answered by `results`; it ends with its parent.
 */
import type { FlowNode } from '../../flowfiles/format';
import type { CalendarBook } from '../../model/calendar';
import { FlowRuntime } from '../runtime';
import { RecordedAnswers } from './answers';
import type { BacktestCase, CaseResult } from './model';
import { playCase } from './play';

export type ToBacktestWorker =
  | { kind: 'flows'; flows: FlowNode[]; calendars: CalendarBook }
  | { kind: 'cases'; cases: BacktestCase[] }
  | { kind: 'end' };
export type FromBacktestWorker =
  | { kind: 'ready' }
  | { kind: 'results'; results: CaseResult[] }
  | { kind: 'failed'; message: string };

function answer(message: FromBacktestWorker): void {
  process.send?.(message);
}

async function start(
  { flows, calendars }: { flows: FlowNode[]; calendars: CalendarBook },
  answers: RecordedAnswers,
): Promise<FlowRuntime> {
  const runtime = await FlowRuntime.open(answers);
  runtime.isStuck = () => answers.isStuck;
  for (const [region, own] of calendars) runtime.calendars.set(region, own);
  await runtime.deploy(flows);
  return runtime;
}

function serve(): void {
  const answers = new RecordedAnswers();
  let runtime: FlowRuntime | undefined;
  const handle = async (message: ToBacktestWorker): Promise<void> => {
    if (message.kind === 'end') {
      await runtime?.close();
      process.disconnect();
      return;
    }
    if (message.kind === 'flows') {
      runtime = await start(message, answers);
      answer({ kind: 'ready' });
      return;
    }
    if (!runtime) return;
    const results: CaseResult[] = [];
    for (const recorded of message.cases) results.push(await playCase(runtime, answers, recorded));
    answer({ kind: 'results', results });
  };
  process.on('message', (message: ToBacktestWorker) => {
    handle(message).catch((error: unknown) => {
      answer({
        kind: 'failed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      process.exit(1);
    });
  });
  process.once('disconnect', () => process.exit(0));
}

if (process.send) serve();
