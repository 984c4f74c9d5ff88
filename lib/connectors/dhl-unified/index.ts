import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { track } from './operations/track';
import { poll } from './poll';

export const connector: Connector = { manifest, inbound, poll, operations: [track] };
