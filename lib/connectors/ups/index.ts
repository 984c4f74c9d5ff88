import type { Connector } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { createLabel } from './operations/create-label';
import { track } from './operations/track';
import { validateAddress } from './operations/validate-address';
import { voidShipment } from './operations/void-shipment';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [track, validateAddress, createLabel, voidShipment],
};
