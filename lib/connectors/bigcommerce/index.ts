import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { cancelFulfillment } from './operations/cancel-fulfillment';
import { createFulfillment } from './operations/create-fulfillment';
import { holdFulfillment, releaseFulfillment } from './operations/hold';
import { readOrder } from './operations/read-order';
import { updateTracking } from './operations/update-tracking';
import { poller } from './poll';

export const connector: Connector = {
  manifest,
  inbound,
  poll: poller,
  operations: [
    readOrder,
    holdFulfillment,
    releaseFulfillment,
    createFulfillment,
    updateTracking,
    cancelFulfillment,
  ],
};
