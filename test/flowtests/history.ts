/** Writes a ledger with so many recorded delays into a file: `node history.js FILE CASES`. A process of its own, as it plays some for real. */
import { playTemplates, writeHistory } from '../../bench/backtest/history';
import { openLedger } from '../../lib/ledger/open';

async function main([file, cases]: string[]): Promise<void> {
  const templates = await playTemplates();
  const ledger = await openLedger(`sqlite:${file}`);
  const history = await writeHistory(ledger, templates, Number(cases));
  await ledger.close();
  process.stdout.write(JSON.stringify(history));
}

void main(process.argv.slice(2));
