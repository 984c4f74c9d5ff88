import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { poller } from './poll';

export const connector: Connector = { manifest, inbound, poll: poller, operations: [] };
