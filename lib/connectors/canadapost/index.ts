import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { bookPickup } from './operations/book-pickup';
import { cancelPickup } from './operations/cancel-pickup';
import { createLabel } from './operations/create-label';
import { track } from './operations/track';
import { voidLabel } from './operations/void-label';
import { poll } from './poll';

export const connector: Connector = {
  manifest,
  inbound,
  poll,
  operations: [createLabel, voidLabel, track, bookPickup, cancelPickup],
};
