import { z } from 'zod';
import { postalAddress } from '../../kit/address';
import { operation } from '../../kit/connector';
import { notFoundOrThrow } from '../../kit/look-up';
import { type Json, object, text } from '../../kit/text';
import { amazonAddress, speeds } from '../address';
import { orderPath, rateLimitHeaders, refusal, sendAmazon } from '../client';
import { type OrderView, readBack, readFulfillmentOrder } from '../order';

const input = z.object({
  orderNumber: z.string().min(1).max(40).describe('Our own name of the fulfilment order'),
  to: postalAddress.optional().describe('The corrected address'),
  speed: z.enum(speeds).optional(),
  comment: z.string().min(1).max(750).optional(),
});
type Input = z.infer<typeof input>;
const output = z.object({ orderNumber: z.string(), state: z.string().describe("Amazon's own status") });
type Output = z.infer<typeof output>;

function changesOf({ to, speed, comment }: Input): Json {
  return {
    ...(to === undefined ? {} : { destinationAddress: amazonAddress(to) }),
    ...(speed === undefined ? {} : { shippingSpeedCategory: speed }),
    ...(comment === undefined ? {} : { displayableOrderComment: comment }),
  };
}

/** True when the order shows every change; members of an address that we did not send may be anything. */
function shows({ order }: OrderView, wanted: Input): boolean {
  const changes = changesOf(wanted);
  const same = (held: unknown, sent: unknown): boolean => {
    const parts = object(sent);
    if (parts === undefined) return sent === undefined || text(held, 1000) === text(sent, 1000);
    return Object.entries(parts).every(([name, part]) => same(object(held)?.[name], part));
  };
  return Object.entries(changes).every(([name, sent]) => same(order[name], sent));
}

/** PUT /fba/outbound/2020-07-01/fulfillmentOrders/{sellerFulfillmentOrderId} (updateFulfillmentOrder): orders on hold only. */
export const updateFulfillmentOrder = operation<Input, Output>({
  id: 'updateFulfillmentOrder',
  title: 'Change fulfilment order',
  description: 'Changes address, speed or comment of a fulfilment order that is on hold.',
  kind: 'storefront',
  safety: 'reconcilable',
  input,
  output,
  rateLimitHeaders,
  target: ({ orderNumber }) => `fulfillment-order/${orderNumber}/change`,
  async send(wanted, call) {
    const { orderNumber } = wanted;
    const request = { method: 'PUT' as const, path: orderPath(orderNumber), json: changesOf(wanted) };
    const refused = refusal(await sendAmazon(call, request), call, true);
    if (refused !== undefined) return refused;
    const after = await readBack(call, orderNumber);
    const confirmed = after !== undefined && shows(after, wanted);
    return { outcome: 'ok', output: { orderNumber, state: after?.status ?? '' }, confirmed };
  },
  async lookUp(wanted, call) {
    const { orderNumber } = wanted;
    const found = await readFulfillmentOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (!shows(found.value, wanted)) return { found: false };
    return { found: true, output: { orderNumber, state: found.value.status }, confirmed: true };
  },
});
