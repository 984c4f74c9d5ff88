/**
 * Static checks of a decision table: what no row covers, which rows can never hit, where two rows disagree. The inputs are cut
 * into the regions on which no cell changes its answer, and every combination of regions is tried: the result is exact.
 */
import { RerouteError } from './errors';
import { type Cell, compileCell, samplePoints, sortedNumbers } from './policy-cell';
import type { PolicyInput, PolicyTable } from './policy-table';

export interface PolicyIssue {
  kind: 'invalid' | 'unreachable' | 'gap' | 'overlap' | 'unchecked';
  /** An error keeps a table from being deployed; a gap means MANUAL at run time. */
  severity: 'error' | 'warning' | 'note';
  /** Indices of the rows it is about. */
  rows: number[];
  message: string;
  /** Inputs that show it. */
  example?: Record<string, unknown>;
}

/** Combinations tried before a table counts as too large to check. */
export const maxCombinations = 200_000;
const maxNamedOverlaps = 20;

/** Everything wrong or doubtful about a table that fits `policyTable`; empty when nothing is. */
export function checkPolicy(table: PolicyTable): PolicyIssue[] {
  const invalid = checkNames(table);
  const cells = compileRows(table, invalid);
  if (invalid.length > 0) return invalid;
  const axes = table.inputs.map((input, column) =>
    axisOf(
      input,
      cells.map((row) => row[column]),
    ),
  );
  const combinations = axes.reduce((product, axis) => product * (axis?.length ?? Infinity), 1);
  if (combinations > maxCombinations) return [unchecked(table, axes)];
  return judge(table, cells, axes as unknown[][]);
}

function checkNames({ inputs, outputs, rows }: PolicyTable): PolicyIssue[] {
  const issues: PolicyIssue[] = [];
  const report = (row: number, message: string): void =>
    void issues.push({ kind: 'invalid', severity: 'error', rows: [row], message });
  const outputsByName = new Map(outputs.map((output) => [output.name, output]));
  rows.forEach(({ when, then }, row) => {
    for (const name of Object.keys(when))
      if (!inputs.some((input) => input.name === name))
        report(row, `Row ${row + 1} tests ${name}, which is no input.`);
    for (const [name, value] of Object.entries(then)) {
      const output = outputsByName.get(name);
      if (!output) report(row, `Row ${row + 1} sets ${name}, which is no output.`);
      else if (output.values && !output.values.includes(String(value)))
        report(row, `Row ${row + 1} sets ${name} to ${value}, which it cannot be.`);
    }
  });
  return issues;
}

/** One cell a row and input; undefined matches anything. */
function compileRows({ inputs, rows }: PolicyTable, issues: PolicyIssue[]): (Cell | undefined)[][] {
  return rows.map(({ when }, row) =>
    inputs.map((input) => {
      const text = when[input.name];
      if (text === undefined) return undefined;
      try {
        return compileCell(text, input);
      } catch (error) {
        if (!(error instanceof RerouteError)) throw error;
        issues.push({
          kind: 'invalid',
          severity: 'error',
          rows: [row],
          message: `Row ${row + 1}: ${error.message}.`,
        });
        return undefined;
      }
    }),
  );
}

/** A value of each region of an input; undefined when a cell's regions cannot be told. */
function axisOf(input: PolicyInput, cells: (Cell | undefined)[]): unknown[] | undefined {
  const absent = input.required ? [] : [null];
  if (input.type === 'boolean' || input.type === 'enum')
    return [...(input.type === 'enum' ? (input.values ?? []) : [true, false]), ...absent];
  const marks: (number | string)[] = [];
  for (const cell of cells) {
    if (cell && cell.landmarks === undefined) return undefined;
    marks.push(...(cell?.landmarks ?? []));
  }
  if (input.type === 'string') return [...new Set(marks), `other than ${marks.join()}`, ...absent];
  const { min = -Infinity, max = Infinity } = input;
  const bounds = [min, max].filter(Number.isFinite);
  const points = samplePoints(sortedNumbers([...(marks as number[]), ...bounds])).filter(
    (point) => point >= min && point <= max,
  );
  return [...points, ...absent];
}

function unchecked({ inputs }: PolicyTable, axes: (unknown[] | undefined)[]): PolicyIssue {
  const opaque = inputs.filter((_, column) => axes[column] === undefined).map(({ name }) => name);
  const why =
    opaque.length > 0
      ? `the tests of ${opaque.join(', ')} compute something`
      : `there are more than ${maxCombinations} combinations`;
  return {
    kind: 'unchecked',
    severity: 'note',
    rows: [],
    message: `Gaps and overlaps were not looked for: ${why}.`,
  };
}

interface Tally {
  hits: number[];
  firstHits: number[];
  gaps: number;
  gapExample?: Record<string, unknown>;
  /** `i,j` with i < j: how often both match, and an example. */
  both: Map<string, { count: number; example: Record<string, unknown> }>;
}

function judge(table: PolicyTable, cells: (Cell | undefined)[][], axes: unknown[][]): PolicyIssue[] {
  const answers = cells.map((row) =>
    row.map((cell, column) => (axes[column] ?? []).map((value) => cell?.matches(value) ?? true)),
  );
  const tally: Tally = {
    hits: table.rows.map(() => 0),
    firstHits: table.rows.map(() => 0),
    gaps: 0,
    both: new Map(),
  };
  const position = axes.map(() => 0);
  const example = (): Record<string, unknown> =>
    Object.fromEntries(table.inputs.map(({ name }, column) => [name, axes[column]?.[position[column] ?? 0]]));
  do {
    const matching = answers.flatMap((row, index) =>
      row.every((column, at) => column[position[at] ?? 0]) ? [index] : [],
    );
    count(tally, matching, example);
  } while (advance(position, axes));
  return [...unreachableRows(table, tally), ...gaps(tally), ...overlaps(table, tally)];
}

function count(tally: Tally, matching: number[], example: () => Record<string, unknown>): void {
  const [first] = matching;
  if (first === undefined) {
    tally.gaps += 1;
    tally.gapExample ??= example();
    return;
  }
  tally.firstHits[first] = (tally.firstHits[first] ?? 0) + 1;
  matching.forEach((row, index) => {
    tally.hits[row] = (tally.hits[row] ?? 0) + 1;
    for (const later of matching.slice(index + 1)) {
      const known = tally.both.get(`${row},${later}`);
      if (known) known.count += 1;
      else tally.both.set(`${row},${later}`, { count: 1, example: example() });
    }
  });
}

/** The next combination, like an odometer; false after the last. */
function advance(position: number[], axes: unknown[][]): boolean {
  for (let column = 0; column < axes.length; column += 1) {
    const next = (position[column] ?? 0) + 1;
    if (next < (axes[column]?.length ?? 0)) {
      position[column] = next;
      return true;
    }
    position[column] = 0;
  }
  return false;
}

function unreachableRows({ rows }: PolicyTable, { hits, firstHits }: Tally): PolicyIssue[] {
  return rows.flatMap((_, row): PolicyIssue[] => {
    if ((firstHits[row] ?? 0) > 0) return [];
    const why = hits[row] === 0 ? 'no inputs fit it' : 'the rows above it take everything that fits it';
    return [
      {
        kind: 'unreachable',
        severity: 'error',
        rows: [row],
        message: `Row ${row + 1} can never hit: ${why}.`,
      },
    ];
  });
}

function gaps({ gaps: number, gapExample }: Tally): PolicyIssue[] {
  if (gapExample === undefined) return [];
  return [
    {
      kind: 'gap',
      severity: 'warning',
      rows: [],
      message: `No row covers some inputs (${number} combinations); they go to a person.`,
      example: gapExample,
    },
  ];
}

/** A general row below special ones is how first-hit tables are written; two rows that only cross are worth a look. */
function overlaps({ rows }: PolicyTable, { both, hits }: Tally): PolicyIssue[] {
  return [...both]
    .flatMap(([pair, { count: together, example }]): PolicyIssue[] => {
      const [row = 0, later = 0] = pair.split(',').map(Number);
      const crossing = together < (hits[row] ?? 0) && together < (hits[later] ?? 0);
      const differ = JSON.stringify(rows[row]?.then) !== JSON.stringify(rows[later]?.then);
      if (!crossing || !differ) return [];
      return [
        {
          kind: 'overlap',
          severity: 'note',
          rows: [row, later],
          message: `Rows ${row + 1} and ${later + 1} cross and say different things; row ${row + 1} wins.`,
          example,
        },
      ];
    })
    .slice(0, maxNamedOverlaps);
}
