import { z } from 'zod';
import { operation } from '../../kit/connector';
import { type Fulfillment, readFulfillment } from '../orders';

const input = z.object({
  delivery: z.string().min(1).max(60).describe('Document number of the item fulfillment'),
});
const output = z.object({
  delivery: z.string(),
  deliveryBlock: z.string().describe('Always empty: NetSuite has no blocks'),
  shipped: z.boolean(),
  status: z.string().optional().describe('Picked, Packed or Shipped'),
  lines: z.array(
    z.object({
      line: z.string(),
      item: z.string().optional(),
      quantity: z.string(),
      unit: z.string().optional(),
      order: z.string().optional().describe('As NetSuite names what it was created from'),
      orderLine: z.string().optional(),
    }),
  ),
});

/** `shipStatus` is A (picked), B (packed) or C (shipped). */
const viewOf = (found: Fulfillment, number: string): z.infer<typeof output> => ({
  delivery: found.tranId ?? number,
  deliveryBlock: '',
  shipped: found.shipStatus?.id === 'C',
  status: found.shipStatus?.name,
  lines: (found.item?.items ?? []).map((one, at) => ({
    line: String(one.line ?? at + 1),
    item: one.item?.name,
    quantity: one.quantity ?? '0',
    unit: one.units?.name,
    order: found.createdFrom?.name,
    orderLine: one.orderLine === null || one.orderLine === undefined ? undefined : String(one.orderLine),
  })),
});

/** `GET itemFulfillment` by its document number. */
export const readDelivery = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readDelivery',
  title: 'Read item fulfillment',
  description: 'Reads an item fulfillment with what leaves in it.',
  kind: 'erp',
  safety: 'read',
  input,
  output,
  target: (wanted) => `itemFulfillment/${wanted.delivery}`,
  async send(wanted, call) {
    const read = await readFulfillment(call, wanted.delivery);
    if (!read.ok) return read.refusal;
    const shown = viewOf(read.state, wanted.delivery);
    return { outcome: 'ok', output: shown, confirmed: true, reference: read.state.id };
  },
});
