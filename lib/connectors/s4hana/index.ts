import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { inbound } from './mapping';
import { attachEvidence } from './operations/attach-evidence';
import { releaseBillingBlock, setBillingBlock } from './operations/billing-block';
import { changeDeliveryQuantity } from './operations/change-delivery-quantity';
import { changeLineQuantity } from './operations/change-line-quantity';
import { changeLocation } from './operations/change-location';
import { changeSchedule } from './operations/change-schedule';
import { releaseDeliveryBlock, setDeliveryBlock } from './operations/delivery-block';
import { findOrder } from './operations/find-order';
import { mergeLine } from './operations/merge-line';
import { releaseOutboundDeliveryBlock, setOutboundDeliveryBlock } from './operations/outbound-delivery-block';
import { postNote } from './operations/post-note';
import { readDelivery } from './operations/read-delivery';
import { readOrder } from './operations/read-order';
import { rejectLine } from './operations/reject-line';
import { splitLine } from './operations/split-line';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [
    readOrder,
    findOrder,
    readDelivery,
    setDeliveryBlock,
    releaseDeliveryBlock,
    setOutboundDeliveryBlock,
    releaseOutboundDeliveryBlock,
    setBillingBlock,
    releaseBillingBlock,
    changeLineQuantity,
    changeSchedule,
    changeLocation,
    changeDeliveryQuantity,
    splitLine,
    mergeLine,
    rejectLine,
    postNote,
    attachEvidence,
  ],
};
