import { releaseBlock, setBlock } from '../../kit/erp-block';
import { blockKind } from '../block';

const kind = blockKind({
  document: 'salesOrder',
  field: 'HeaderBillingBlockReason',
  what: 'billing block',
  setId: 'setBillingBlock',
  releaseId: 'releaseBillingBlock',
});

/** `A_SalesOrder.HeaderBillingBlockReason`: no invoice is created while it is set. */
export const setBillingBlock = setBlock(kind);
export const releaseBillingBlock = releaseBlock(kind);
