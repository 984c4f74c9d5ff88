import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { sendInterchange } from './operations/send-interchange';

export const connector: Connector = { manifest, inbound, operations: [sendInterchange] };
