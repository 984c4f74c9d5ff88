import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { cancelFulfillment } from './operations/cancel-fulfillment';
import { createFulfillment } from './operations/create-fulfillment';
import { holdFulfillment } from './operations/hold-fulfillment';
import { readOrder } from './operations/read-order';
import { releaseFulfillment } from './operations/release-fulfillment';
import { updateEta } from './operations/update-eta';
import { updateTracking } from './operations/update-tracking';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [
    readOrder,
    holdFulfillment,
    releaseFulfillment,
    createFulfillment,
    updateTracking,
    cancelFulfillment,
    updateEta,
  ],
};
