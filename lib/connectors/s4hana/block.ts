/** Delivery and billing blocks are one header field each: setting and releasing differ only in the value. */
import { z } from 'zod';
import { type BlockChange, type BlockKind, type BlockOutput, blockShown } from '../kit/erp-block';
import { type Change, changeEntity, lookUpChange } from './entity';
import { deliveryEntity, salesOrderEntity } from './schema';
import type { Service } from './session';
import { key } from './values';

const documents = {
  salesOrder: {
    service: 'salesOrder',
    entity: 'A_SalesOrder',
    schema: salesOrderEntity,
    name: 'sales order',
  },
  delivery: {
    service: 'delivery',
    entity: 'A_OutbDeliveryHeader',
    schema: deliveryEntity,
    name: 'outbound delivery',
  },
} as const;

type BlockField = 'DeliveryBlockReason' | 'HeaderBillingBlockReason';
type Blocked = Partial<Record<BlockField, string | null | undefined>>;

export interface Blocking {
  document: keyof typeof documents;
  field: BlockField;
  /** Words for titles: `delivery block`. */
  what: string;
  setId: string;
  releaseId: string;
}

const documentNumber = z
  .string()
  .regex(/^\d{1,10}$/)
  .describe('Document number in SAP, up to ten digits');

function changeOf(kind: Blocking, { document: number, reason, refuse }: BlockChange) {
  const { service, entity, schema } = documents[kind.document];
  const current = (state: Blocked) => state[kind.field] ?? '';
  const change: Change<Blocked, BlockOutput> = {
    service: service as Service,
    path: `/${entity}(${key(number)})`,
    schema: schema as unknown as z.ZodType<Blocked>,
    intended: (state) => current(state) === reason,
    refuse: (state) => refuse(current(state)),
    body: { [kind.field]: reason },
    output: (before, after) => blockShown(number, current(before), current(after)),
  };
  return change;
}

/** What `setBlock` and `releaseBlock` of the kit need to know of a block of SAP's. */
export function blockKind(kind: Blocking): BlockKind {
  const { entity, name } = documents[kind.document];
  return {
    setId: kind.setId,
    releaseId: kind.releaseId,
    what: kind.what,
    name,
    document: documentNumber,
    reason: z
      .string()
      .max(2)
      .describe('Block reason as customised in your system, up to two characters; empty = no block'),
    keepsReason: true,
    target: (document) => `${entity}/${document}/${kind.field}`,
    send: (change, call) => changeEntity(changeOf(kind, change), call),
    lookUp: (change, call) => lookUpChange(changeOf(kind, change), call),
  };
}
