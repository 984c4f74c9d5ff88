import { releaseBlock, setBlock } from '../../kit/erp-block';
import { blockKind } from '../block';

const kind = blockKind({
  setId: 'setDeliveryBlock',
  releaseId: 'releaseDeliveryBlock',
  what: 'delivery block',
  setting: 'deliveryBlockField',
});

/** `PATCH salesOrder` of the custom body field that the partner names as delivery block. */
export const setDeliveryBlock = setBlock(kind);
export const releaseDeliveryBlock = releaseBlock(kind);
