import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { cancelFulfillment } from './operations/cancel-fulfillment';
import { createFulfillmentOrder } from './operations/create-fulfillment-order';
import { readOrder } from './operations/read-order';
import { releaseFulfillment } from './operations/release-fulfillment';
import { track } from './operations/track';
import { updateFulfillmentOrder } from './operations/update-fulfillment-order';
import { poller } from './poll';

export const connector: Connector = {
  manifest,
  inbound,
  poll: poller,
  operations: [
    readOrder,
    createFulfillmentOrder,
    updateFulfillmentOrder,
    releaseFulfillment,
    cancelFulfillment,
    track,
  ],
};
