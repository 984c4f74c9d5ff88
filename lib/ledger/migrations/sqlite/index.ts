/** Every forward step of the SQLite schema, in order. */
import type { Migration } from '../migration';
import { foundation } from './001-foundation';
import { polls } from './002-polls';
import { attention } from './003-attention';

export const sqliteMigrations: readonly Migration[] = [foundation, polls, attention];
