import { releaseBlock, setBlock } from '../block';

const kind = {
  document: 'salesOrder',
  field: 'HeaderBillingBlockReason',
  what: 'billing block',
  setId: 'setBillingBlock',
  releaseId: 'releaseBillingBlock',
} as const;

/** `A_SalesOrder.HeaderBillingBlockReason`: no invoice is created while it is set. */
export const setBillingBlock = setBlock(kind);
export const releaseBillingBlock = releaseBlock(kind);
