import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { cancelOrder } from './operations/cancel-order';
import { holdOrder, resumeOrder } from './operations/holds';
import { readRelease } from './operations/read-release';
import { readStock } from './operations/read-stock';
import { poller } from './poll';

export const connector: Connector = {
  manifest,
  inbound,
  poll: poller,
  operations: [readStock, readRelease, holdOrder, resumeOrder, cancelOrder],
};
