import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { inbound } from './mapping';
import { releaseBillingBlock, setBillingBlock } from './operations/billing-block';
import { changeItemQuantity } from './operations/change-item-quantity';
import { changeScheduleLine } from './operations/change-schedule-line';
import { releaseDeliveryBlock, setDeliveryBlock } from './operations/delivery-block';
import { mergeScheduleLine } from './operations/merge-schedule-line';
import { releaseOutboundDeliveryBlock, setOutboundDeliveryBlock } from './operations/outbound-delivery-block';
import { postNote } from './operations/post-note';
import { readDelivery } from './operations/read-delivery';
import { readSalesOrder } from './operations/read-sales-order';
import { rejectItem } from './operations/reject-item';
import { splitScheduleLine } from './operations/split-schedule-line';

export const connector: Connector = {
  manifest,
  inbound,
  operations: [
    readSalesOrder,
    readDelivery,
    setDeliveryBlock,
    releaseDeliveryBlock,
    setOutboundDeliveryBlock,
    releaseOutboundDeliveryBlock,
    setBillingBlock,
    releaseBillingBlock,
    changeItemQuantity,
    changeScheduleLine,
    splitScheduleLine,
    mergeScheduleLine,
    rejectItem,
    postNote,
  ],
};
