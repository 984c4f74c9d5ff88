import { releaseBlock, setBlock } from '../../kit/erp-block';
import { blockKind } from '../block';

const kind = blockKind({
  setId: 'setBillingBlock',
  releaseId: 'releaseBillingBlock',
  what: 'billing block',
  setting: 'billingBlockField',
});

/** `PATCH salesOrder` of the custom body field that the partner names as billing block. */
export const setBillingBlock = setBlock(kind);
export const releaseBillingBlock = releaseBlock(kind);
