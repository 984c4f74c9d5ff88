import { z } from 'zod';
import { operation } from '../../kit/connector';
import { codesOf, movesOf, readPicking, standing } from '../records';

const input = z.object({
  delivery: z.string().min(1).max(60).describe('Number of the transfer, e.g. WH/OUT/00007'),
});
const output = z.object({
  delivery: z.string(),
  deliveryBlock: z.string().describe('Always empty: Odoo has no blocks'),
  shipped: z.boolean(),
  state: z.string().describe('draft, waiting, confirmed, assigned, done, cancel'),
  scheduledDate: z.string().optional(),
  lines: z.array(
    z.object({
      line: z.string().describe('Id of the stock move'),
      item: z.string().optional(),
      quantity: z.string(),
      unit: z.string().optional(),
      order: z.string().optional(),
      orderLine: z.string().optional(),
    }),
  ),
});

/** `stock.picking.search_read` by number, with its moves. */
export const readDelivery = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readDelivery',
  title: 'Read transfer',
  description: 'Reads a delivery with what leaves in it.',
  kind: 'erp',
  safety: 'read',
  input,
  output,
  target: (wanted) => `stock.picking/${wanted.delivery}`,
  async send({ delivery }, call) {
    const picking = await readPicking(call, { name: delivery });
    if (!picking.ok) return picking.refusal;
    const moves = await movesOf(call, [['picking_id', '=', picking.state.id]]);
    if (!moves.ok) return moves.refusal;
    const codes = await codesOf(
      call,
      moves.state.map(({ product_id: product }) => product?.id),
    );
    if (!codes.ok) return codes.refusal;
    const { state, scheduled_date: scheduledDate, origin } = picking.state;
    const lines = standing(moves.state).map((move) => ({
      line: String(move.id),
      item: move.product_id === undefined ? undefined : codes.state.get(move.product_id.id),
      quantity: move.product_uom_qty,
      unit: move.product_uom?.name,
      order: move.sale_line_id === undefined ? undefined : origin,
      orderLine: move.sale_line_id === undefined ? undefined : String(move.sale_line_id.id),
    }));
    const shown = { delivery, deliveryBlock: '', shipped: state === 'done', state, scheduledDate, lines };
    return { outcome: 'ok', output: shown, confirmed: true, reference: delivery };
  },
});
