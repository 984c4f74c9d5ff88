import { releaseBlock, setBlock } from '../../kit/erp-block';
import { blockKind } from '../block';

const kind = blockKind({
  document: 'salesOrder',
  field: 'DeliveryBlockReason',
  what: 'delivery block',
  setId: 'setDeliveryBlock',
  releaseId: 'releaseDeliveryBlock',
});

/** `A_SalesOrder.DeliveryBlockReason`: no delivery is created while it is set. */
export const setDeliveryBlock = setBlock(kind);
export const releaseDeliveryBlock = releaseBlock(kind);
