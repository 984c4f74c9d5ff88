/** A dead letter of a run that began with a payload. */
import { aDeadLetter, aRun } from '../../../lib/ledger/conformance/builders';
import type { Ledger } from '../../../lib/ledger/port';

export async function aRunWithLetter(ledger: Ledger): Promise<string> {
  const run = aRun({ kind: 'manual' });
  await ledger.enqueueRuns(0, [run], Date.now());
  const letter = aDeadLetter({ kind: 'run', ref: run.id, runId: run.id });
  await ledger.addDeadLetters(0, [letter]);
  return letter.id;
}
