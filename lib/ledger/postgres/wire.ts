/** What crosses between a ledger's thread, which waits, and its connection's thread, which must not. */

export interface ConnectionOptions {
  url: string;
  schema: string;
  /** Milliseconds after which the server ends a statement. */
  statementTimeoutMs: number;
  /** Milliseconds after which the server ends a transaction in which nothing happens, so that a stopped process holds up nobody. */
  idleTransactionMs: number;
  connectTimeoutMs: number;
}

export type Request =
  | { kind: 'query'; text: string; values: unknown[] }
  | { kind: 'script'; text: string }
  | { kind: 'close' };

export type Reply =
  | { rows: Record<string, unknown>[]; count: number; command: string }
  | { message: string /** SQLSTATE; absent when the connection failed. */; code: string | undefined };
