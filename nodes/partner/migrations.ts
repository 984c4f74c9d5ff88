/** Property migrations: entry n brings version n + 1 to n + 2. Version 1 is the first. */
import type { Migration } from '../common/migrate';

/** Version 2 brought the lane, overrides, fetching and folders; each stays as it was when it is empty. */
const toVersion2: Migration = (properties) => ({
  lane: '',
  overrides: [],
  fetchEnabled: true,
  fetchMinSeconds: '',
  fetchMaxSeconds: '',
  lookBackHours: '',
  forgetAfterDays: '',
  carriers: '',
  settleSeconds: '',
  inbox: '',
  outbox: '',
  doneFolder: '',
  rejectedFolder: '',
  ...properties,
});

/** Version 3 brought how long silence is normal; empty is the default. */
const toVersion3: Migration = (properties) => ({
  deliveryGraceHours: '',
  stalledAfterHours: '',
  pickupGraceHours: '',
  firstScanHours: '',
  receiptGraceHours: '',
  ...properties,
});

export const migrations: readonly Migration[] = [toVersion2, toVersion3];
