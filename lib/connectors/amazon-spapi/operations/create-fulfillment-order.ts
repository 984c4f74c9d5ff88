import { z } from 'zod';
import { quantity, rfc3339 } from '../../../model/fact';
import { postalAddress } from '../../kit/address';
import { type CallContext, operation } from '../../kit/connector';
import { notFoundOrThrow } from '../../kit/look-up';
import { text } from '../../kit/text';
import { amazonAddress, speeds } from '../address';
import { base, rateLimitHeaders, refusal, sendAmazon } from '../client';
import { isCancelled, readBack, readFulfillmentOrder } from '../order';

const input = z.object({
  orderNumber: z
    .string()
    .min(1)
    .max(40)
    .describe('Our own name of the fulfilment order; unique for the seller'),
  displayableOrderNumber: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe('What the customer sees; the same when empty'),
  orderedAt: rfc3339.describe('When the customer ordered'),
  comment: z.string().min(1).max(750).describe('What the packing slip says'),
  speed: z.enum(speeds).default('Standard'),
  hold: z.boolean().default(false).describe('True leaves it on hold until releaseFulfillment'),
  policy: z.enum(['FillOrKill', 'FillAll', 'FillAllAvailable']).default('FillOrKill'),
  to: postalAddress,
  lines: z
    .array(
      z.object({
        lineId: z.string().min(1).max(50),
        item: z.string().min(1).max(50).describe('Seller SKU'),
        quantity,
      }),
    )
    .min(1)
    .max(200),
});
type Input = z.infer<typeof input>;
const output = z.object({ orderNumber: z.string(), state: z.string().describe("Amazon's own status") });
type Output = z.infer<typeof output>;

function requestOf(wanted: Input, call: CallContext) {
  return {
    marketplaceId: text(call.settings.marketplaceId, 30),
    sellerFulfillmentOrderId: wanted.orderNumber,
    displayableOrderId: wanted.displayableOrderNumber ?? wanted.orderNumber,
    displayableOrderDate: wanted.orderedAt,
    displayableOrderComment: wanted.comment,
    shippingSpeedCategory: wanted.speed,
    fulfillmentAction: wanted.hold ? 'Hold' : 'Ship',
    fulfillmentPolicy: wanted.policy,
    destinationAddress: amazonAddress(wanted.to),
    items: wanted.lines.map(({ lineId, item, quantity: { value } }) => ({
      sellerSku: item,
      sellerFulfillmentOrderItemId: lineId,
      quantity: Number(value),
    })),
  };
}

const ok = (orderNumber: string, state: string, confirmed: boolean) => ({
  outcome: 'ok' as const,
  output: { orderNumber, state },
  confirmed,
  reference: orderNumber,
});

/**
 * POST /fba/outbound/2020-07-01/fulfillmentOrders (createFulfillmentOrder). Amazon allows our id once; an order that is there under it is
 * adopted, so that nothing is ordered twice.
 */
export const createFulfillmentOrder = operation<Input, Output>({
  id: 'createFulfillmentOrder',
  title: 'Create fulfilment order',
  description:
    "Has Amazon ship from the seller's stock (Multi-Channel Fulfillment); an order of the same name is adopted.",
  kind: 'storefront',
  safety: 'reconcilable',
  costs: true,
  input,
  output,
  rateLimitHeaders,
  undo: { operation: 'cancelFulfillment', input: ({ orderNumber }) => ({ orderNumber }) },
  target: ({ orderNumber }) => `fulfillment-order/${orderNumber}`,
  async send(wanted, call) {
    const before = await readFulfillmentOrder(call, wanted.orderNumber);
    if (before.ok && isCancelled(before.value))
      return {
        outcome: 'fatal',
        message: `${wanted.orderNumber} was cancelled: Amazon takes a name once`,
        vendorCode: 'NAME_USED',
      };
    if (before.ok) return ok(wanted.orderNumber, before.value.status, true);
    if (before.refusal.outcome !== 'business') return before.refusal;
    if (
      wanted.lines.some(({ quantity: { value } }) => !Number.isInteger(Number(value)) || Number(value) <= 0)
    )
      return { outcome: 'fatal', message: 'Amazon ships whole pieces only', vendorCode: 'QUANTITY' };
    const request = {
      method: 'POST' as const,
      path: `${base}/fulfillmentOrders`,
      json: requestOf(wanted, call),
    };
    const response = await sendAmazon(call, request);
    const refused = refusal(response, call, true);
    if (refused !== undefined) return refused;
    const made = await readBack(call, wanted.orderNumber);
    return ok(wanted.orderNumber, made?.status ?? '', made !== undefined);
  },
  async lookUp({ orderNumber }, call) {
    const found = await readFulfillmentOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    return {
      found: true,
      output: { orderNumber, state: found.value.status },
      confirmed: true,
      reference: orderNumber,
    };
  },
});
