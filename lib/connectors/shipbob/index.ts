import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { cancelOrder } from './operations/cancel-order';
import { holdOrder, resumeOrder } from './operations/holds';
import { readRelease } from './operations/read-release';
import { readStock } from './operations/read-stock';
import { releaseToWarehouse } from './operations/release-to-warehouse';
import { poller } from './poll';

export const connector: Connector = {
  manifest,
  inbound,
  poll: poller,
  operations: [readStock, releaseToWarehouse, readRelease, holdOrder, resumeOrder, cancelOrder],
};
