import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';

export const connector: Connector = { manifest, inbound, operations: [] };
