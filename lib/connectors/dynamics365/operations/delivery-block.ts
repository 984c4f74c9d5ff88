import { z } from 'zod';
import { bringAbout, type Change, lookUpState } from '../../kit/change';
import type { CallContext } from '../../kit/connector';
import {
  type BlockChange,
  type BlockKind,
  type BlockOutput,
  blockShown,
  releaseBlock,
  setBlock,
} from '../../kit/erp-block';
import { order } from '../fields';
import { type Header, patchHeader, readHeader, stopOf } from '../orders';

function changeOf({ document, reason, refuse }: BlockChange, call: CallContext): Change<Header, BlockOutput> {
  const stop = reason !== '';
  return {
    read: () => readHeader(call, document),
    intended: (header) => (stopOf(header) !== '') === stop,
    refuse: (header) => refuse(stopOf(header)),
    write: (header) => patchHeader(call, header, { IsSalesProcessingStopped: stop ? 'Yes' : 'No' }),
    output: (before, after) => blockShown(document, stopOf(before), stopOf(after)),
  };
}

const kind: BlockKind = {
  setId: 'setDeliveryBlock',
  releaseId: 'releaseDeliveryBlock',
  what: 'delivery block',
  name: 'sales order',
  document: order,
  reason: z.string().max(60).describe('Not kept: Dynamics 365 only stops an order or not; empty = no stop'),
  keepsReason: false,
  declared: { rateLimitHeaders: ['retry-after'] },
  target: (document) => `SalesOrderHeaders/${document}/stop`,
  send: (change, call) => bringAbout(changeOf(change, call)),
  lookUp: (change, call) => lookUpState(changeOf(change, call)),
};

/** `PATCH SalesOrderHeadersV2.IsSalesProcessingStopped` ("Do not process") under the ETag: nothing of the order is picked, shipped or invoiced. */
export const setDeliveryBlock = setBlock(kind);
export const releaseDeliveryBlock = releaseBlock(kind);
