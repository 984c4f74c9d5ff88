import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { cancelFulfillment } from './operations/cancel-fulfillment';
import { createFulfillment } from './operations/create-fulfillment';
import { readOrder } from './operations/read-order';
import { readStock } from './operations/read-stock';
import { releaseReservation } from './operations/release-reservation';
import { reserveStock } from './operations/reserve-stock';
import { poller } from './poll';

export const connector: Connector = {
  manifest,
  inbound,
  poll: poller,
  operations: [readOrder, createFulfillment, cancelFulfillment, readStock, reserveStock, releaseReservation],
};
