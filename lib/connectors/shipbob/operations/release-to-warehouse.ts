import { z } from 'zod';
import { postalAddress } from '../../kit/address';
import { type CallContext, operation } from '../../kit/connector';
import { releaseToWarehouse as contract } from '../../kit/contracts/wms';
import { notFoundOrThrow } from '../../kit/look-up';
import { text } from '../../kit/text';
import { rateLimitHeaders, tell } from '../client';
import { findOrder } from '../orders';

const input = contract.input.extend({
  to: postalAddress.optional().describe('Recipient; ShipBob needs it'),
  shippingMethod: z.string().min(1).max(100).optional().describe("The partner's setting when empty"),
});
type Input = z.infer<typeof input>;
type Output = z.infer<typeof contract.output>;

function requestOf(
  { reference, orderNumber, lines, shippingMethod }: Input,
  to: z.infer<typeof postalAddress>,
  call: CallContext,
) {
  const [address1, ...more] = to.lines;
  return {
    reference_id: reference,
    order_number: orderNumber,
    type: 'DTC',
    shipping_method: shippingMethod ?? text(call.settings.shippingMethod, 100) ?? 'Standard',
    recipient: {
      name: to.name ?? to.company,
      email: to.email,
      phone_number: to.phone,
      address: {
        address1,
        address2: more.join(', ') || undefined,
        company_name: to.company,
        city: to.city,
        state: to.region,
        zip_code: to.postalCode,
        country: to.country,
      },
    },
    products: lines.map(({ item, quantity }) => ({
      reference_id: item,
      name: item,
      quantity: Number(quantity.value),
    })),
  };
}

/**
 * POST /order. `reference_id` is unique and immutable: an order that is there under it is adopted, and a second one would be refused (422). A
 * product is named by its reference id, which for most shops is the SKU.
 */
export const releaseToWarehouse = operation<Input, Output>({
  id: 'releaseToWarehouse',
  title: 'Release to ShipBob',
  description: 'Creates an order that ShipBob picks and ships; one of the same reference is adopted.',
  kind: 'wms',
  rateLimitHeaders,
  safety: 'reconcilable',
  costs: true,
  input,
  output: contract.output,
  undo: { operation: 'cancelOrder', input: ({ reference }) => ({ orderNumber: reference }) },
  target: ({ reference }) => `order/${reference}`,
  async send(wanted, call) {
    const { reference, to, lines } = wanted;
    if (to === undefined)
      return { outcome: 'fatal', message: 'ShipBob needs a recipient', vendorCode: 'RECIPIENT' };
    if (
      lines.some(({ quantity }) => !Number.isInteger(Number(quantity.value)) || Number(quantity.value) <= 0)
    )
      return { outcome: 'fatal', message: 'ShipBob ships whole pieces only', vendorCode: 'QUANTITY' };
    const before = await findOrder(call, reference);
    if (before.ok)
      return {
        outcome: 'ok',
        output: { reference, state: text(before.value.status, 60) ?? '' },
        confirmed: true,
        reference,
      };
    if (before.refusal.outcome !== 'business') return before.refusal;
    const made = await tell(call, '/order', requestOf(wanted, to, call));
    if (!made.ok) return made.refusal;
    const state = text(made.value.status, 60) ?? '';
    return {
      outcome: 'ok',
      output: { reference, state },
      confirmed: text(made.value.reference_id, 400) === reference,
      reference,
    };
  },
  async lookUp({ reference }, call) {
    const found = await findOrder(call, reference);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    return {
      found: true,
      output: { reference, state: text(found.value.status, 60) ?? '' },
      confirmed: true,
      reference,
    };
  },
});
