import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { sendInterchange } from './operations/send-interchange';
import { sendShippingOrder } from './operations/shipping-order';
import { answerTender, cancelTender, tenderLoad } from './operations/tender';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [sendInterchange, sendShippingOrder, tenderLoad, cancelTender, answerTender],
};
