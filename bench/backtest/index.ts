/** (e) A back-test of 10,000 recorded facts, from the call to the report: its processes are started within the time. */
import { join } from 'node:path';
import { backtest } from '../../lib/flowtests/backtest/backtest';
import { readFlow } from '../../lib/flowtests/files';
import { openLedger } from '../../lib/ledger/open';
import { scratch } from '../processes';
import { playTemplates, writeHistory } from './history';

export interface BacktestRow {
  facts: number;
  cases: number;
  changed: number;
  seconds: number;
}

const root = join(__dirname, '..', '..', '..');
const casesMeasured = Number(process.env.BENCH_BACKTEST_CASES ?? 2_500);

export async function backtestRows(rounds: number): Promise<BacktestRow[]> {
  const templates = await playTemplates();
  const folder = scratch();
  const ledger = await openLedger(`sqlite:${join(folder.path, 'ledger.db')}`);
  try {
    await writeHistory(ledger, templates, casesMeasured);
    const flowsDir = join(root, 'flows');
    const nodes = stricter(readFlow(join(flowsDir, 'global', 'delayed-delivery.json')));
    const request = { flow: 'global/delayed-delivery', since: 0, until: Date.now() };
    const rows: BacktestRow[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { facts, cases, changed, ms } = await backtest({ ledger, flowsDir, workers: 2 }, request, {
        nodes,
      });
      rows.push({ facts, cases, changed, seconds: ms / 1000 });
    }
    return rows;
  } finally {
    await ledger.close();
    folder.remove();
  }
}

/** A candidate that decides otherwise for some: four hours become ten. */
function stricter(nodes: ReturnType<typeof readFlow>): ReturnType<typeof readFlow> {
  return JSON.parse(JSON.stringify(nodes).replaceAll('"> 240"', '"> 600"')) as ReturnType<typeof readFlow>;
}
