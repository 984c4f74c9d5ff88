import { releaseBlock, setBlock } from '../block';

const kind = {
  document: 'salesOrder',
  field: 'DeliveryBlockReason',
  what: 'delivery block',
  setId: 'setDeliveryBlock',
  releaseId: 'releaseDeliveryBlock',
} as const;

/** `A_SalesOrder.DeliveryBlockReason`: no delivery is created while it is set. */
export const setDeliveryBlock = setBlock(kind);
export const releaseDeliveryBlock = releaseBlock(kind);
