/** Blocks of a sales order are custom body fields of the account, which its workflows or scripts respect: NetSuite itself has none. */
import { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Read } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { type BlockChange, type BlockKind, type BlockOutput, blockShown } from '../kit/erp-block';
import { patch } from './client';
import { order } from './fields';
import { settingsOf } from './manifest';
import { customField, type Order, readOrderNumbered } from './orders';

type Field = 'deliveryBlockField' | 'billingBlockField';

async function read(call: CallContext, number: string, setting: Field): Promise<Read<Order>> {
  if (settingsOf(call.settings)[setting] !== '') return readOrderNumbered(call, number);
  const message = `the partner names no custom field for this block: set ${setting}`;
  return { ok: false, refusal: { outcome: 'fatal', message } };
}

function changeOf(
  setting: Field,
  { document, reason, refuse }: BlockChange,
  call: CallContext,
): Change<Order, BlockOutput> {
  const field = settingsOf(call.settings)[setting];
  const current = (found: Order) => customField(found, field);
  return {
    read: () => read(call, document, setting),
    intended: (found) => current(found) === reason,
    refuse: (found) => refuse(current(found)),
    // A body field that is null is emptied (section_1545142173.html).
    write: ({ id }) =>
      patch(call, `/salesOrder/${encodeURIComponent(id)}`, { [field]: reason === '' ? null : reason }),
    output: (before, after) => blockShown(document, current(before), current(after)),
  };
}

export function blockKind(
  kind: Pick<BlockKind, 'setId' | 'releaseId' | 'what'> & { setting: Field },
): BlockKind {
  const { setting, ...ids } = kind;
  return {
    ...ids,
    name: 'sales order',
    document: order,
    reason: z.string().max(60).describe('Text of the custom field; empty = no block'),
    keepsReason: true,
    target: (document) => `salesOrder/${document}/${setting}`,
    send: (change, call) => bringAbout(changeOf(setting, change, call)),
    lookUp: (change, call) => lookUpState(changeOf(setting, change, call)),
  };
}
