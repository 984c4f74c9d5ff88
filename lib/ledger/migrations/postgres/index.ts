/** Forward steps of the PostgreSQL ledger, in order; a step of the SQLite ledger has its counterpart here. */
import type { Migration } from '../migration';
import { foundation } from './001-foundation';

export type PostgresMigration = Omit<Migration, 'fill'>;

export const postgresMigrations: PostgresMigration[] = [foundation];
