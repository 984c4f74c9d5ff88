/** Open alerts are asked for every few seconds, however many were resolved. */
import type { Migration } from '../migration';

export const openAlerts: Migration = {
  version: 4,
  name: 'open-alerts',
  sql: `
CREATE INDEX alerts_rule ON alerts (rule, seq) WHERE state <> 'resolved';
`,
};
