/** Property migrations: entry n brings version n + 1 to n + 2. Version 1 is the first. */
import type { Migration } from '../common/migrate';

/** Version 2 can follow open cases; a node of before does not. */
const toVersion2: Migration = (properties) => ({ updates: false, ...properties });

export const migrations: readonly Migration[] = [toVersion2];
