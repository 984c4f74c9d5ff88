/** A forward step of a ledger's schema. Steps are never edited once released: a change is a new step. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}
