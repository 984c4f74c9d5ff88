import { type Connector, declaring } from '../kit/connector';
import { manifest } from './manifest';
import { inbound } from './mapping';
import { book } from './operations/book';
import { cancel } from './operations/cancel';
import { findBookings } from './operations/find-bookings';
import { getBooking } from './operations/get-booking';
import { rebook } from './operations/rebook';
import { updateEta } from './operations/update-eta';

/** docs/partner-rest.md: 429 and 503 carry `Retry-After`. */
export const connector: Connector = {
  manifest,
  inbound,
  operations: declaring({ rateLimitHeaders: ['retry-after'] }, [
    book,
    getBooking,
    findBookings,
    rebook,
    cancel,
    updateEta,
  ]),
};
