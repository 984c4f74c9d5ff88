/** What the gateway itself leaves in the audit: refusals, reads of raw bytes, exports, replays. */
import type { AuditSeed } from '../ledger/operators';
import type { GatewayDeps } from './deps';

/** @param partition whose chain it joins: that of what was read, else the first */
export async function audit(
  deps: Pick<GatewayDeps, 'ledger' | 'now' | 'newId'>,
  entry: Omit<AuditSeed, 'id' | 'at'>,
  partition = 0,
): Promise<void> {
  await deps.ledger.appendAudit(partition, [{ id: deps.newId(), at: deps.now(), ...entry }]);
}
