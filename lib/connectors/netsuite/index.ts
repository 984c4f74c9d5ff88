import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { releaseBillingBlock, setBillingBlock } from './operations/billing-block';
import { changeLineQuantity } from './operations/change-line-quantity';
import { changeLocation } from './operations/change-location';
import { changeSchedule } from './operations/change-schedule';
import { releaseDeliveryBlock, setDeliveryBlock } from './operations/delivery-block';
import { findOrder } from './operations/find-order';
import { mergeLine } from './operations/merge-line';
import { postNote } from './operations/post-note';
import { readDelivery } from './operations/read-delivery';
import { readOrder } from './operations/read-order';
import { rejectLine } from './operations/reject-line';
import { splitLine } from './operations/split-line';

export const connector: Connector = {
  manifest,
  operations: [
    readOrder,
    findOrder,
    readDelivery,
    changeLineQuantity,
    changeSchedule,
    changeLocation,
    splitLine,
    mergeLine,
    rejectLine,
    setDeliveryBlock,
    releaseDeliveryBlock,
    setBillingBlock,
    releaseBillingBlock,
    postNote,
  ],
};
