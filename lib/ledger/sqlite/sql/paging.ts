/**
 * Keyset paging: a cursor holds the sort values of the last row, so that rows inserted meanwhile neither repeat nor hide
 * anything of the pages to come.
 */
import { FatalError } from '../../../model/errors';
import type { PageRequest } from '../../port';
import type { Database, Parameter } from '../database';

export interface RowPage<Row> {
  rows: Row[];
  nextCursor: string | null;
}

type SortValue = string | number | null;

/** SQL conditions with their parameters, joined by AND. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly parameters: Parameter[] = [];

  add(sql: string, ...parameters: Parameter[]): this {
    this.#parts.push(sql);
    this.parameters.push(...parameters);
    return this;
  }

  /** Adds `column = value` when there is a value. */
  equal(column: string, value: Parameter): this {
    return value === undefined ? this : this.add(`${column} = ?`, value);
  }

  /** Adds `column IN (...)` when there is a list; an empty list matches nothing. */
  among(column: string, values: readonly string[] | undefined): this {
    if (values === undefined) return this;
    return this.add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  }

  get where(): string {
    return this.#parts.length === 0 ? '' : `WHERE ${this.#parts.join(' AND ')}`;
  }
}

export function writeCursor(values: SortValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws FatalError BAD_CURSOR when it is none of ours, or of another list */
export function readCursor(cursor: string, length: number): SortValue[] {
  const values = parsed(cursor);
  if (Array.isArray(values) && values.length === length && values.every(isSortValue)) return values;
  throw new FatalError('BAD_CURSOR', 'the cursor does not belong to this list', {
    hint: 'Take the cursor from `nextCursor` of the page before, with the same sort order.',
  });
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isSortValue(value: unknown): value is SortValue {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

export interface Sort {
  /** Columns or expressions that are never NULL; together unique. */
  columns: string[];
  descending: boolean;
}

/** One page of `SELECT columns FROM table`, sorted by a unique key. */
export function readPage<Row>(
  db: Database,
  select: string,
  conditions: Conditions,
  sort: Sort,
  page: PageRequest,
  keyOf: (row: Row) => SortValue[],
): RowPage<Row> {
  if (page.cursor !== undefined) {
    const key = `(${sort.columns.join(', ')})`;
    const marks = sort.columns.map(() => '?').join(', ');
    conditions.add(
      `${key} ${sort.descending ? '<' : '>'} (${marks})`,
      ...readCursor(page.cursor, sort.columns.length),
    );
  }
  const limit = Math.min(Math.max(1, Math.trunc(page.limit)), 200);
  const order = sort.columns.map((column) => `${column} ${sort.descending ? 'DESC' : 'ASC'}`).join(', ');
  const rows = db.all<Row>(
    `${select} ${conditions.where} ORDER BY ${order} LIMIT ?`,
    ...conditions.parameters,
    limit + 1,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { rows: rows.slice(0, limit), nextCursor: last === undefined ? null : writeCursor(keyOf(last)) };
}
