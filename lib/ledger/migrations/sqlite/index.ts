/** Every forward step of the SQLite schema, in order. */
import type { Database } from '../../sqlite/database';
import type { Migration } from '../migration';
import { foundation } from './001-foundation';
import { polls } from './002-polls';
import { insights } from './007-insights';

export const sqliteMigrations: readonly Migration<Database>[] = [foundation, polls, insights];
