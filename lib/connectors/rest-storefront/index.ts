import { type Connector, declaring } from '../kit/connector';
import { manifest } from './manifest';
import { notifyCustomer } from './operations/notify-customer';
import { readOrder } from './operations/read-order';
import { updateEta } from './operations/update-eta';

/** docs/partner-rest.md: 429 and 503 carry `Retry-After`. */
export const connector: Connector = {
  manifest,
  operations: declaring({ rateLimitHeaders: ['retry-after'] }, [readOrder, updateEta, notifyCustomer]),
};
