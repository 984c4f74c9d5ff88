import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { sendOrderResponse } from './operations/order-response';
import { sendInterchange } from './operations/send-interchange';

export const connector: Connector = { manifest, inbound, operations: [sendInterchange, sendOrderResponse] };
