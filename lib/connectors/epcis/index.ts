import { type Connector, declaring } from '../kit/connector';
import { manifest } from './manifest';
import { identify, normalize } from './mapping';
import { readRelease } from './operations/read-release';
import { readStock } from './operations/read-stock';
import { releaseReservation } from './operations/release-reservation';
import { releaseToWarehouse } from './operations/release-to-warehouse';
import { reserveStock } from './operations/reserve-stock';
import { verify } from './verify';

/** docs/partner-rest.md: 429 and 503 carry `Retry-After`. */
export const connector: Connector = {
  manifest,
  inbound: { verify, identify, normalize },
  operations: declaring({ rateLimitHeaders: ['retry-after'] }, [
    readStock,
    reserveStock,
    releaseReservation,
    releaseToWarehouse,
    readRelease,
  ]),
};
