/** The whole port over its channels, but for what differs between a file and memory. */
import type { Ledger } from '../../port';
import { accessStore } from './access';
import { alertStore } from './alerts';
import { caseQueries, caseStore } from './cases';
import type { Channels } from './codec';
import { effectStore } from './effects';
import { flowStore } from './flows';
import { insightQueries } from './insights';
import { intakeStore, leaseStore } from './intake';
import { keyStore } from './keys';
import { operatorStore } from './operators';
import { pollStore } from './polls';
import { runQueries, runStore } from './runs';

export function stores(
  channels: Channels,
  partitions: number,
): Omit<Ledger, 'partitions' | 'capabilities' | 'work' | 'ready' | 'close'> {
  return {
    ...leaseStore(channels),
    ...intakeStore(channels),
    ...runStore(channels),
    ...runQueries(channels),
    ...effectStore(channels),
    ...caseStore(channels),
    ...caseQueries(channels),
    ...operatorStore(channels, partitions),
    ...pollStore(channels),
    ...flowStore(channels),
    ...accessStore(channels),
    ...alertStore(channels),
    ...insightQueries(channels),
    ...keyStore(channels),
  };
}
