/**
 * What every storage engine must keep, as tests. An engine's test file calls `ledgerConformance` inside a `describe` with its
 * harness; nothing here knows an engine.
 */
import { accessConformance } from './access';
import { attentionConformance } from './attention';
import { caseConformance } from './cases';
import { claimConformance } from './claims';
import { effectConformance } from './effects';
import { flowConformance } from './flows';
import type { LedgerHarness } from './harness';
import { insightConformance } from './insights';
import { intakeConformance } from './intake';
import { keyConformance } from './keys';
import { operatorConformance } from './operators';
import { pollConformance } from './polls';
import { randomConformance } from './random';
import { recordConformance } from './record';
import { runConformance } from './runs';
import { waitConformance } from './waits';

export type { LedgerHarness } from './harness';
export { leaseMs, partitions } from './harness';

export function ledgerConformance(harness: LedgerHarness): void {
  intakeConformance(harness);
  claimConformance(harness);
  runConformance(harness);
  waitConformance(harness);
  effectConformance(harness);
  recordConformance(harness);
  caseConformance(harness);
  describe('operators', () => operatorConformance(harness));
  pollConformance(harness);
  insightConformance(harness);
  flowConformance(harness);
  accessConformance(harness);
  keyConformance(harness);
  attentionConformance(harness);
  randomConformance(harness);
}
