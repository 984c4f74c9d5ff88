/** Evaluates policy tables. What is missing, stale or not covered goes to a person: the outcome is MANUAL. */
import { LRUCache } from 'lru-cache';
import { canonicalJson } from './keys';
import { type Cell, compileCell } from './policy-cell';
import type { PolicyInput, PolicyTable } from './policy-table';

export { checkPolicy, type PolicyIssue } from './policy-check';
export { type PolicyInput, type PolicyTable, policyTable } from './policy-table';

/** The outcome that hands a case to a person. */
export const manualOutcome = 'MANUAL';

export interface PolicyResult {
  outcome: string;
  then: Record<string, unknown>;
  /** Index of the row that hit. */
  row: number | null;
  /** Why; everything but `row` means MANUAL. */
  reason: 'row' | 'missing-input' | 'stale-input' | 'invalid-input' | 'no-row';
  /** One sentence for the case's timeline. */
  message: string;
}

interface CompiledRow {
  cells: { input: string; test: Cell }[];
}

const compiled = new WeakMap<PolicyTable, CompiledRow[]>();
const byContent = new LRUCache<string, CompiledRow[]>({ max: 100 });

/**
 * Evaluates a table. An input is a value, or `{ value, observedAt }` (epoch milliseconds or RFC 3339) when its age matters.
 * @param at epoch milliseconds that ages are measured at; without it nothing counts as stale
 * @throws FatalError POLICY_INVALID for a cell that is not a unary test; `checkPolicy` says so beforehand
 */
export function evaluatePolicy(
  table: PolicyTable,
  inputs: Readonly<Record<string, unknown>>,
  at?: number,
): PolicyResult {
  const values: Record<string, unknown> = {};
  for (const input of table.inputs) {
    const read = readInput(input, inputs[input.name], at);
    if ('reason' in read) return manual(read.reason, read.message);
    values[input.name] = read.value;
  }
  const row = compileTable(table).findIndex(({ cells }) =>
    cells.every(({ input, test }) => test.matches(values[input])),
  );
  const hit = table.rows[row];
  if (hit === undefined)
    return manual('no-row', `No row of ${table.name} ${table.version} covers these inputs.`);
  const note = hit.note === undefined ? '' : `: ${hit.note}`;
  return {
    outcome: String(hit.then.outcome),
    then: hit.then,
    row,
    reason: 'row',
    message: `Row ${row + 1} of ${table.name} ${table.version}${note}`,
  };
}

function manual(reason: PolicyResult['reason'], message: string): PolicyResult {
  return { outcome: manualOutcome, then: { outcome: manualOutcome }, row: null, reason, message };
}

type Read =
  | { value: unknown }
  | { reason: 'missing-input' | 'stale-input' | 'invalid-input'; message: string };

function readInput(input: PolicyInput, given: unknown, at: number | undefined): Read {
  const { value, observedAt } = isObserved(given) ? given : { value: given, observedAt: undefined };
  if (value === undefined || value === null) {
    return input.required
      ? { reason: 'missing-input', message: `The input ${input.name} is missing.` }
      : { value: null };
  }
  if (!fits(input, value))
    return {
      reason: 'invalid-input',
      message: `The input ${input.name} is not a ${input.type} that the table knows.`,
    };
  if (input.maxAgeMinutes !== undefined && observedAt !== undefined && at !== undefined) {
    const observed = typeof observedAt === 'number' ? observedAt : Date.parse(String(observedAt));
    // An unreadable time tells nothing about the age, so it is too old.
    if (!(at - observed <= input.maxAgeMinutes * 60_000))
      return {
        reason: 'stale-input',
        message: `The input ${input.name} is older than ${input.maxAgeMinutes} minutes.`,
      };
  }
  return { value };
}

function isObserved(given: unknown): given is { value: unknown; observedAt?: unknown } {
  return typeof given === 'object' && given !== null && 'value' in given;
}

function fits({ type, values, min = -Infinity, max = Infinity }: PolicyInput, value: unknown): boolean {
  if (type === 'number')
    return typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max;
  if (type === 'boolean') return typeof value === 'boolean';
  return typeof value === 'string' && (type === 'string' || (values?.includes(value) ?? false));
}

/** Cells compiled once for a table object, and once for equal tables that are read anew. */
function compileTable(table: PolicyTable): CompiledRow[] {
  const known = compiled.get(table);
  if (known) return known;
  const key = canonicalJson([table.inputs, table.rows.map(({ when }) => when)]);
  const rows =
    byContent.get(key) ??
    table.rows.map(({ when }) => ({
      cells: table.inputs.flatMap((input) => {
        const test = when[input.name];
        return test === undefined ? [] : [{ input: input.name, test: compileCell(test, input) }];
      }),
    }));
  byContent.set(key, rows);
  compiled.set(table, rows);
  return rows;
}
