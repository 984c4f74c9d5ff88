import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { cancelShipment } from './operations/cancel-shipment';
import { track } from './operations/track';

export const connector: Connector = { manifest, inbound, operations: [track, cancelShipment] };
