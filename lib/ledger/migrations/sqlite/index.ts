/** Every forward step of the SQLite schema, in order. */
import type { Migration } from '../migration';
import { foundation } from './001-foundation';

export const sqliteMigrations: readonly Migration[] = [foundation];
