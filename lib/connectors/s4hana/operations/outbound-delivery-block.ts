import { releaseBlock, setBlock } from '../block';

const kind = {
  document: 'delivery',
  field: 'DeliveryBlockReason',
  what: 'delivery block',
  setId: 'setOutboundDeliveryBlock',
  releaseId: 'releaseOutboundDeliveryBlock',
} as const;

/** `A_OutbDeliveryHeader.DeliveryBlockReason`: the delivery is not processed further while it is set. */
export const setOutboundDeliveryBlock = setBlock(kind);
export const releaseOutboundDeliveryBlock = releaseBlock(kind);
