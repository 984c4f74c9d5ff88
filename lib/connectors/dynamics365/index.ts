import type { Connector } from '../kit/connector';
import { inbound } from './events';
import { manifest } from './manifest';
import { changeLineQuantity } from './operations/change-line-quantity';
import { changeSchedule } from './operations/change-schedule';
import { readOrder } from './operations/read-order';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [readOrder, changeLineQuantity, changeSchedule],
};
