import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { inbound } from './mapping';
import { book } from './operations/book';
import { cancel } from './operations/cancel';
import { findBookings } from './operations/find-bookings';
import { getBooking } from './operations/get-booking';
import { rebook } from './operations/rebook';
import { updateEta } from './operations/update-eta';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [book, getBooking, findBookings, rebook, cancel, updateEta],
};
