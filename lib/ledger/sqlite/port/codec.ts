/** Rows to values and back, on the main thread: JSON is written and read once, here. */
import type { Page } from '../../port';
import type { Channel, OperationTable } from '../channel';
import type { ReaderOperations, WriterOperations } from '../operations';
import type { RowPage } from '../sql/paging';

/** What the port asks of a channel, whether a thread is behind it or not. */
export type Caller<Table extends OperationTable> = Pick<Channel<Table>, 'call'>;

export interface Channels {
  writer: Caller<WriterOperations>;
  reader: Caller<ReaderOperations>;
}

type Loose<T> = {
  [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? T[K] | null | undefined : T[K];
};

/** The value without its absent properties: NULL columns and undefined fields are left out. */
export function present<T extends object>(values: Loose<T>): T {
  const result: Record<string, unknown> = {};
  for (const key in values) {
    const value: unknown = values[key];
    if (value !== null && value !== undefined) result[key] = value;
  }
  return result as T;
}

/** JSON column to value. */
export function fromJson<T = unknown>(text: string | null): T | undefined {
  return text === null ? undefined : (JSON.parse(text) as T);
}

/** Value to JSON column; undefined stays undefined. */
export function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

export function toPage<Row, T>(page: RowPage<Row>, decode: (row: Row) => T): Page<T> {
  return { items: page.rows.map(decode), nextCursor: page.nextCursor };
}
