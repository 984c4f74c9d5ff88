/** Delivery and billing blocks are one header field each: setting and releasing differ only in the value. */
import { z } from 'zod';
import { type Operation, operation } from '../kit/connector';
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

export interface BlockKind {
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
const setInput = z.object({
  document: documentNumber,
  reason: z
    .string()
    .max(2)
    .describe('Block reason as customised in your system, up to two characters; empty = no block'),
  replace: z
    .boolean()
    .default(false)
    .describe('True also replaces a block that somebody set for another reason'),
});
const releaseInput = z.object({
  document: documentNumber,
  reason: z.string().max(2).optional().describe('Release only a block with this reason; empty = any'),
});
const output = z.object({
  document: z.string(),
  blocked: z.boolean(),
  reason: z.string().describe('Block reason after the change, empty when there is none'),
  previousReason: z.string().describe('Block reason before the change'),
});
type Output = z.infer<typeof output>;

function changeOf(
  kind: BlockKind,
  number: string,
  reason: string,
  refuse: (current: string) => string | undefined,
) {
  const { service, entity, schema } = documents[kind.document];
  const current = (state: Blocked) => state[kind.field] ?? '';
  const change: Change<Blocked, Output> = {
    service: service as Service,
    path: `/${entity}(${key(number)})`,
    schema: schema as unknown as z.ZodType<Blocked>,
    intended: (state) => current(state) === reason,
    refuse: (state) => refuse(current(state)),
    body: { [kind.field]: reason },
    output: (before, after) => ({
      document: number,
      blocked: current(after) !== '',
      reason: current(after),
      previousReason: current(before),
    }),
  };
  return change;
}

/** Sets the block. Refuses to overwrite a block with another reason unless told to: somebody set it for a cause. */
export function setBlock(kind: BlockKind): Operation {
  const { entity, name } = documents[kind.document];
  const change = (input: z.infer<typeof setInput>) =>
    changeOf(kind, input.document, input.reason, (current) =>
      current === '' || input.replace || input.reason === ''
        ? undefined
        : `${name} ${input.document} has a ${kind.what} with reason ${current} already`,
    );
  return operation<z.infer<typeof setInput>, Output>({
    id: kind.setId,
    title: `Set ${kind.what}`,
    description: `Sets the ${kind.what} of a ${name} and reads it back.`,
    kind: 'erp',
    safety: 'reconcilable',
    input: setInput,
    output,
    target: (input) => `${entity}/${input.document}/${kind.field}`,
    send: (input, call) => changeEntity(change(input), call),
    lookUp: (input, call) => lookUpChange(change(input), call),
    undo: {
      operation: kind.setId,
      input: (input, done) => ({
        document: input.document,
        // When nothing was blocked before, or the block was found in place after a lost answer, taking it off is the way back.
        reason: done.previousReason === input.reason ? '' : done.previousReason,
        replace: true,
      }),
    },
  });
}

/** Releases the block, only one with the given reason where one is given. */
export function releaseBlock(kind: BlockKind): Operation {
  const { entity, name } = documents[kind.document];
  const change = (input: z.infer<typeof releaseInput>) =>
    changeOf(kind, input.document, '', (current) =>
      input.reason === undefined || current === input.reason
        ? undefined
        : `${name} ${input.document} has a ${kind.what} with reason ${current}, not ${input.reason}`,
    );
  return operation<z.infer<typeof releaseInput>, Output>({
    id: kind.releaseId,
    title: `Release ${kind.what}`,
    description: `Takes the ${kind.what} off a ${name} and reads it back.`,
    kind: 'erp',
    safety: 'reconcilable',
    input: releaseInput,
    output,
    target: (input) => `${entity}/${input.document}/${kind.field}`,
    send: (input, call) => changeEntity(change(input), call),
    lookUp: (input, call) => lookUpChange(change(input), call),
    undo: {
      operation: kind.setId,
      input: (input, done) => ({
        document: input.document,
        reason: done.previousReason === '' ? (input.reason ?? '') : done.previousReason,
        replace: false,
      }),
    },
  });
}
