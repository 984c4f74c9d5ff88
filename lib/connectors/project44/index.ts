import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { readHistory } from './operations/read-history';

export const connector: Connector = { manifest, inbound, operations: [readHistory] };
