/** What there is to fetch from a partner: its folder, or what its connector's poller asks for. */
import type { EngineDeps } from '../deps';
import { defaultFolders, InboxTask } from '../files/inbox';
import type { Partner } from '../partners/registry';
import { transportOf } from '../partners/transports';
import { type Take, throughLane } from './deliver';
import { FeedTask } from './feed';
import type { Interval } from './interval';
import { ShipmentsTask } from './shipments';
import type { Task } from './task';

const hour = 3_600_000;
/** Defaults: a folder of this machine is looked into often, a server seldom; a poller says its own. */
const intervals = {
  file: { minMs: 1_000, maxMs: 5_000 },
  sftp: { minMs: 15_000, maxMs: 120_000 },
} as const;
const defaultLookBackHours = 24;
/** Days without a fact after which a shipment is not asked for any more. */
const defaultForgetDays = 30;
const defaultSettleMs = 2_000;

export function taskOf(deps: EngineDeps, partner: Partner, take: Take): Task | undefined {
  if (!partner.connector.inbound) return undefined;
  return filesTask(deps, partner, take) ?? pollTask(deps, partner, take);
}

function filesTask(deps: EngineDeps, partner: Partner, take: Take): Task | undefined {
  const { folder, config } = partner;
  const transport = transportOf(config.endpoint);
  if (!folder || (transport !== 'file' && transport !== 'sftp')) return undefined;
  return new InboxTask({
    partner: partner.id,
    folder,
    take,
    folders: { ...defaultFolders, ...config.folders },
    interval: intervalOf(partner, intervals[transport]),
    settleMs: config.fetch?.settleMs ?? defaultSettleMs,
    maxBytes: partner.limits.maxBodyBytes,
    // A server is called under the partner's limits; a folder of this machine has none.
    exchange: transport === 'sftp' ? (ask) => throughLane(partner.lane, ask) : (ask) => ask(),
    now: deps.now,
    newId: deps.newId,
    log: deps.log,
  });
}

function pollTask(deps: EngineDeps, partner: Partner, take: Take): Task | undefined {
  const { poll: poller } = partner.connector;
  if (!poller) return undefined;
  const asking = { deps, partner, poller, take };
  const interval = intervalOf(partner, poller.interval);
  const { lookBackHours = defaultLookBackHours, forgetAfterDays = defaultForgetDays } =
    partner.config.fetch ?? {};
  return poller.subject === 'feed'
    ? new FeedTask(asking, interval, lookBackHours * hour)
    : new ShipmentsTask(asking, interval, forgetAfterDays * 24 * hour);
}

function intervalOf({ config }: Partner, standard: Interval): Interval {
  const minMs = config.fetch?.minMs ?? standard.minMs;
  return { minMs, maxMs: Math.max(minMs, config.fetch?.maxMs ?? standard.maxMs) };
}
