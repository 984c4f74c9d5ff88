/** Cost of an event, from the sections of bench/RESULTS.md that were measured before. */
import type { Costs } from './model';

function numberIn(text: string, section: string, pattern: RegExp): number {
  const part = new RegExp(`<!-- ${section} -->([\\s\\S]*?)<!-- end -->`).exec(text)?.[1] ?? '';
  const found = pattern.exec(part)?.[1];
  if (found === undefined)
    throw new Error(`bench/RESULTS.md has no ${section}: run npm run bench ${section} first`);
  return Number(found.replaceAll(',', ''));
}

/**
 * The load and the servers shared the cores with the runtime while it was measured, and all of it is put down to the runtime: upper bounds.
 * @throws Error when a section is missing
 */
export function costsFrom(results: string): Costs {
  const cores = numberIn(results, 'end-to-end', /on (\d+) cores/);
  const accept = cores / numberIn(results, 'accept', /\| reroute \| ([\d,]+)/);
  const whole = cores / numberIn(results, 'end-to-end', /\| reroute \| ([\d,]+)/);
  const ledger = numberIn(results, 'growth', /\| 1,000,000 \| ([\d.]+)/) / 1000;
  return { accept, run: whole - accept - ledger, ledger };
}
