/** Every forward step of the SQLite schema, in order of their versions. */
import type { Database } from '../../sqlite/database';
import type { Migration } from '../migration';
import { foundation } from './001-foundation';
import { polls } from './002-polls';
import { attention } from './003-attention';
import { openAlerts } from './004-open-alerts';
import { flowFiles } from './005-flow-files';
import { insights } from './007-insights';
import { access } from './008-access';
import { dataKeys } from './009-data-keys';
import { keyIndex } from './010-key-index';

export const sqliteMigrations: readonly Migration<Database>[] = [
  foundation,
  polls,
  attention,
  openAlerts,
  flowFiles,
  insights,
  access,
  dataKeys,
  keyIndex,
];
