import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { identify, normalize } from './mapping';
import { readRelease } from './operations/read-release';
import { readStock } from './operations/read-stock';
import { releaseReservation } from './operations/release-reservation';
import { releaseToWarehouse } from './operations/release-to-warehouse';
import { reserveStock } from './operations/reserve-stock';
import { verify } from './verify';

export const connector: Connector = {
  manifest,
  inbound: { verify, identify, normalize },
  operations: [readStock, reserveStock, releaseReservation, releaseToWarehouse, readRelease],
};
