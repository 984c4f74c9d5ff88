import type { Connector } from '../kit/connector';
import { inbound } from './events';
import { manifest } from './manifest';
import { attachEvidence } from './operations/attach-evidence';
import { changeLineQuantity } from './operations/change-line-quantity';
import { changeLocation } from './operations/change-location';
import { changeSchedule } from './operations/change-schedule';
import { releaseDeliveryBlock, setDeliveryBlock } from './operations/delivery-block';
import { findOrder } from './operations/find-order';
import { postNote } from './operations/post-note';
import { readOrder } from './operations/read-order';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [
    readOrder,
    findOrder,
    changeLineQuantity,
    changeSchedule,
    changeLocation,
    setDeliveryBlock,
    releaseDeliveryBlock,
    postNote,
    attachEvidence,
  ],
};
