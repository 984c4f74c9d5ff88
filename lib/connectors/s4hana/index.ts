import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { inbound } from './mapping';
import { attachEvidence } from './operations/attach-evidence';
import { releaseBillingBlock, setBillingBlock } from './operations/billing-block';
import { changeLineQuantity } from './operations/change-line-quantity';
import { changeSchedule } from './operations/change-schedule';
import { releaseDeliveryBlock, setDeliveryBlock } from './operations/delivery-block';
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
    readDelivery,
    setDeliveryBlock,
    releaseDeliveryBlock,
    setOutboundDeliveryBlock,
    releaseOutboundDeliveryBlock,
    setBillingBlock,
    releaseBillingBlock,
    changeLineQuantity,
    changeSchedule,
    splitLine,
    mergeLine,
    rejectLine,
    postNote,
    attachEvidence,
  ],
};
