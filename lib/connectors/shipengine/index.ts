import { type Connector, declaring } from '../kit/connector';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { bookPickup } from './operations/book-pickup';
import { cancelPickup } from './operations/cancel-pickup';
import { createLabel } from './operations/create-label';
import { track } from './operations/track';
import { validateAddress } from './operations/validate-address';
import { voidLabel } from './operations/void-label';
import { poll } from './poll';

/** https://docs.shipstation.com/rate-limits: 429 with `Retry-After`. */
export const connector: Connector = {
  manifest,
  inbound,
  poll,
  operations: declaring({ rateLimitHeaders: ['retry-after'] }, [
    validateAddress,
    createLabel,
    voidLabel,
    track,
    bookPickup,
    cancelPickup,
  ]),
};
