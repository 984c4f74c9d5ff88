/** Every forward step of the SQLite schema, in order. */
import type { Migration } from '../migration';
import { foundation } from './001-foundation';
import { polls } from './002-polls';
import { flowFiles } from './005-flow-files';

export const sqliteMigrations: readonly Migration[] = [foundation, polls, flowFiles];
