import { releaseBlock, setBlock } from '../../kit/erp-block';
import { blockKind } from '../block';

const kind = blockKind({
  document: 'delivery',
  field: 'DeliveryBlockReason',
  what: 'delivery block',
  setId: 'setOutboundDeliveryBlock',
  releaseId: 'releaseOutboundDeliveryBlock',
});

/** `A_OutbDeliveryHeader.DeliveryBlockReason`: the delivery is not processed further while it is set. */
export const setOutboundDeliveryBlock = setBlock(kind);
export const releaseOutboundDeliveryBlock = releaseBlock(kind);
