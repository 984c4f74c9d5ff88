/** Property migrations: entry n brings version n + 1 to n + 2. Version 1 is the first. */
import type { Migration } from '../common/migrate';

export const migrations: readonly Migration[] = [];
