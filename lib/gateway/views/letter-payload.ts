/** The raw payload behind a dead letter. */
import type { RawPayload } from '../../ledger/intake';
import type { Ledger } from '../../ledger/port';
import type { DeadLetter } from '../../ledger/runs';

/** Undefined where it came from no payload, e.g. when an effect is what failed. */
export async function payloadOf(ledger: Ledger, letter: DeadLetter): Promise<RawPayload | undefined> {
  const rawId = await rawIdOf(ledger, letter);
  return rawId === undefined ? undefined : ledger.rawPayload(rawId);
}

export async function rawIdOf(ledger: Ledger, letter: DeadLetter): Promise<string | undefined> {
  if (letter.kind === 'raw') return letter.ref;
  const run = letter.runId === undefined ? undefined : await ledger.run(letter.runId);
  return run?.kind === 'raw' ? run.ref : undefined;
}
