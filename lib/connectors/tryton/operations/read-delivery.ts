import { z } from 'zod';
import { operation } from '../../kit/connector';
import { readShipment, type Shipment } from '../sales';

const input = z.object({ delivery: z.string().min(1).max(60).describe('Number of the customer shipment') });
const output = z.object({
  delivery: z.string(),
  deliveryBlock: z.string().describe('Always empty: Tryton has no blocks'),
  shipped: z.boolean(),
  state: z.string().describe('draft, waiting, assigned, picked, packed, done, cancelled'),
  plannedDate: z.string().optional(),
  lines: z.array(
    z.object({
      line: z.string().describe('Id of the outgoing move'),
      item: z.string().optional(),
      quantity: z.string(),
      unit: z.string().optional(),
      order: z.string().optional(),
      orderLine: z.string().optional(),
    }),
  ),
});

const saleLineOf = (origin: string | undefined) => /^sale\.line,(\d+)$/.exec(origin ?? '')?.[1];

function viewOf(shipment: Shipment, number: string): z.infer<typeof output> {
  return {
    delivery: number,
    deliveryBlock: '',
    shipped: shipment.state === 'done',
    state: shipment.state,
    plannedDate: shipment.planned_date,
    lines: shipment['outgoing_moves.']
      .filter(({ state }) => state !== 'cancelled')
      .sort((a, b) => a.id - b.id)
      .map((move) => ({
        line: String(move.id),
        item: move['product.'],
        quantity: move.quantity,
        unit: move['uom.'],
        order: move['sale.'],
        orderLine: saleLineOf(move.origin),
      })),
  };
}

/** `stock.shipment.out.search_read` by number. */
export const readDelivery = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readDelivery',
  title: 'Read customer shipment',
  description: 'Reads a customer shipment with what leaves in it.',
  kind: 'erp',
  safety: 'read',
  input,
  output,
  target: (wanted) => `stock.shipment.out/${wanted.delivery}`,
  async send(wanted, call) {
    const read = await readShipment(call, { number: wanted.delivery });
    if (!read.ok) return read.refusal;
    const shown = viewOf(read.state, wanted.delivery);
    return { outcome: 'ok', output: shown, confirmed: true, reference: wanted.delivery };
  },
});
