import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { buyLabel } from './operations/buy-label';
import { refundLabel } from './operations/refund-label';
import { verifyAddress } from './operations/verify-address';

export const connector: Connector = { manifest, inbound, operations: [verifyAddress, buyLabel, refundLabel] };
