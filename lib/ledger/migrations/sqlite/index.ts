/** Every forward step of the SQLite schema, in order of their versions. */
import type { Migration } from '../migration';
import { foundation } from './001-foundation';
import { polls } from './002-polls';
import { attention } from './003-attention';
import { openAlerts } from './004-open-alerts';
import { flowFiles } from './005-flow-files';
import { access } from './008-access';
import { dataKeys } from './009-data-keys';
import { keyIndex } from './010-key-index';

export const sqliteMigrations: readonly Migration[] = [
  foundation,
  polls,
  attention,
  openAlerts,
  flowFiles,
  access,
  dataKeys,
  keyIndex,
];
