/** A forward step of a ledger's schema. Steps are never edited once released: a change is a new step. */
export interface Migration<Db = unknown> {
  version: number;
  name: string;
  sql: string;
  /** Fills what the new columns and tables hold of rows that are there already. */
  fill?(db: Db): void;
}
