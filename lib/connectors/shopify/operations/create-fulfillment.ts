import type { z } from 'zod';
import { type OperationResult, operation } from '../../kit/connector';
import { createFulfillment as contract } from '../../kit/contracts/storefront';
import { cannotTell, notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { rateLimitHeaders, tell } from '../client';
import { idOf } from '../ids';
import { type Fulfillment, fulfillmentOf, type OrderWork, readWork } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;
type Part = { id: string; quantity: number };

const mutation = `mutation Fulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status trackingInfo(first: 10) { number } }
    userErrors { field message }
  }
}`;

/** A fulfilment under our tracking number that was not cancelled: what an earlier send left behind. */
function existing(work: OrderWork, { trackingNumber }: Input): Fulfillment | undefined {
  if (trackingNumber === undefined) return undefined;
  return work.fulfillments.find(
    ({ status, tracking }) => status !== 'CANCELLED' && tracking.includes(trackingNumber),
  );
}

/** The wanted pieces taken from the open fulfilment orders in their order; a sentence when they do not hold them. */
function partsOf(work: OrderWork, wanted: Input): Map<string, Part[]> | string {
  const open = work.fulfillmentOrders.filter(({ actions }) => actions.has('CREATE_FULFILLMENT'));
  if (open.length === 0) return `nothing of ${work.name} is open for fulfilment`;
  const parts = new Map<string, Part[]>();
  if (wanted.lines === undefined) {
    for (const { id } of open) parts.set(id, []);
    return parts;
  }
  for (const { lineId, quantity } of wanted.lines) {
    let left = Number(quantity.value);
    const id = idOf(lineId) ?? lineId;
    if (!Number.isInteger(left) || left <= 0)
      return `${quantity.value} of line ${lineId} is no number of pieces`;
    for (const order of open) {
      for (const line of order.lines.filter((one) => one.lineId === id && one.remaining > 0)) {
        const taken = Math.min(left, line.remaining);
        if (taken > 0)
          parts.set(order.id, [...(parts.get(order.id) ?? []), { id: line.id, quantity: taken }]);
        left -= taken;
      }
    }
    if (left > 0) return `${left} of line ${lineId} are not open for fulfilment`;
  }
  return parts;
}

function inputOf(parts: Map<string, Part[]>, wanted: Input) {
  const { carrier, trackingNumber, trackingUrl, notifyCustomer } = wanted;
  const tracked = carrier !== undefined || trackingNumber !== undefined || trackingUrl !== undefined;
  return {
    notifyCustomer,
    ...(tracked ? { trackingInfo: { company: carrier, number: trackingNumber, url: trackingUrl } } : {}),
    lineItemsByFulfillmentOrder: [...parts].map(([fulfillmentOrderId, lines]) => ({
      fulfillmentOrderId,
      ...(lines.length === 0 ? {} : { fulfillmentOrderLineItems: lines }),
    })),
  };
}

const done = (orderNumber: string, { id, status }: Fulfillment): OperationResult<Output> => ({
  outcome: 'ok',
  output: { orderNumber, fulfillmentId: idOf(id) ?? id },
  confirmed: status === 'SUCCESS',
  reference: idOf(id) ?? id,
});

/**
 * https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCreate. Shopify takes no key here, so a fulfilment under the same
 * tracking number is adopted; pieces that are fulfilled already are no longer open and cannot be fulfilled twice.
 */
export const createFulfillment = operation<Input, Output>({
  id: 'createFulfillment',
  title: 'Create fulfilment',
  description: 'Says that lines have left; a fulfilment under the same tracking number is adopted.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  rateLimitHeaders,
  undo: {
    operation: 'cancelFulfillment',
    input: ({ orderNumber }, { fulfillmentId }) => ({ orderNumber, fulfillmentId }),
  },
  target: ({ orderNumber, trackingNumber }) => `fulfillment/${orderNumber}/${trackingNumber ?? 'untracked'}`,
  async send(wanted, call) {
    const found = await readWork(call, wanted.orderNumber, true);
    if (!found.ok) return found.refusal;
    const adopted = existing(found.value, wanted);
    if (adopted !== undefined) return done(found.value.name, adopted);
    const parts = partsOf(found.value, wanted);
    if (typeof parts === 'string') return { outcome: 'fatal', message: parts, vendorCode: 'NOT_OPEN' };
    const variables = { fulfillment: inputOf(parts, wanted) };
    const answer = await tell(call, { query: mutation, variables, field: 'fulfillmentCreate' });
    if (!answer.ok) return answer.refusal;
    const made = fulfillmentOf(object(answer.data.fulfillment) ?? {});
    if (made.id === '') return { outcome: 'unknown', message: 'Shopify answered without the fulfilment' };
    return done(found.value.name, made);
  },
  async lookUp(wanted, call) {
    const found = await readWork(call, wanted.orderNumber, true);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const adopted = existing(found.value, wanted);
    if (adopted !== undefined) {
      const result = done(found.value.name, adopted);
      if (result.outcome === 'ok') return { found: true, output: result.output, confirmed: result.confirmed };
    }
    if (wanted.trackingNumber === undefined && found.value.fulfillments.length > 0)
      throw cannotTell('a fulfilment without a tracking number cannot be told from the others of the order');
    return { found: false };
  },
});
