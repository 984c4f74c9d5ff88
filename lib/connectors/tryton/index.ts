import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { inbound } from './mapping';
import { attachEvidence } from './operations/attach-evidence';
import { changeDeliveryQuantity } from './operations/change-delivery-quantity';
import { changeLineQuantity } from './operations/change-line-quantity';
import { changeSchedule } from './operations/change-schedule';
import { findOrder } from './operations/find-order';
import { mergeLine } from './operations/merge-line';
import { postNote } from './operations/post-note';
import { readDelivery } from './operations/read-delivery';
import { readOrder } from './operations/read-order';
import { splitLine } from './operations/split-line';
import { poll } from './poll';

export const connector: Connector = {
  manifest,
  inbound,
  poll,
  operations: [
    readOrder,
    findOrder,
    readDelivery,
    changeLineQuantity,
    changeSchedule,
    changeDeliveryQuantity,
    splitLine,
    mergeLine,
    postNote,
    attachEvidence,
  ],
};
