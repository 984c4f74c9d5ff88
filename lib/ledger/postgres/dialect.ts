/**
 * The operations' SQL as PostgreSQL takes it. They are written once, in what both engines understand; what is left to translate
 * is the way parameters are marked, names that would lose their capitals, and SQLite's hint for an index.
 */
import type { Parameter } from '../sqlite/database';

/** Tables whose rows are numbered: an INSERT answers the number. */
const numbered = new Set([
  'raw',
  'runs',
  'parked',
  'dead_letters',
  'effects',
  'shipments',
  'facts',
  'cases',
  'replays',
  'alerts',
  'flow_files',
  'flow_tags',
  'changes',
  'audit_heads',
]);

export interface Statement {
  text: string;
  values: (string | number | bigint | Uint8Array)[];
}

/** Quoted text, a numbered parameter, or a plain one, which takes the number after the highest so far, as in SQLite. */
const marks = /'(?:[^']|'')*'|\?(\d*)/g;

/**
 * Every parameter is given its type, for PostgreSQL would guess it from where it stands; an absent one becomes NULL in the text,
 * where it takes the type of what it is compared with.
 */
export function statement(sql: string, parameters: readonly Parameter[]): Statement {
  const values: Statement['values'] = [];
  let highest = 0;
  const text = shape(sql).replace(marks, (found, number: string | undefined) => {
    if (number === undefined) return found;
    const position = number === '' ? highest + 1 : Number(number);
    highest = Math.max(highest, position);
    const value = parameters[position - 1];
    if (value === null || value === undefined) return 'NULL';
    return `$${values.push(value)}::${typeOf(value)}`;
  });
  return { text, values };
}

function typeOf(value: string | number | bigint | Uint8Array): string {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return 'bigint';
  return typeof value === 'number' ? 'float8' : 'bytea';
}

const shapes = new Map<string, string>();
/** Texts of statements are few, but for those of filters. */
const mostShapes = 2_000;

function shape(sql: string): string {
  const known = shapes.get(sql);
  if (known !== undefined) return known;
  const text = sql
    .replace(/ INDEXED BY \w+/g, '')
    .replace(/ AS ([a-z]+[A-Z]\w*)/g, ' AS "$1"')
    .replaceAll("x''", "''::bytea");
  if (shapes.size >= mostShapes) shapes.clear();
  shapes.set(sql, text);
  return text;
}

/** A write that answers the number of its row, where rows have one. */
export function numberedWrite(sql: string): string {
  const table = /^\s*INSERT INTO (\w+)/.exec(sql)?.[1];
  return table !== undefined && numbered.has(table) && !/\bRETURNING\b/.test(sql)
    ? `${sql} RETURNING seq`
    : sql;
}
