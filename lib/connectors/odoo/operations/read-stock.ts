import { z } from 'zod';
import { operation } from '../../kit/connector';
import { add, decimalOf, subtract } from '../../kit/decimal';
import { searchRead } from '../records';
import { unitCodeOf } from '../units';

const input = z.object({
  item: z.string().min(1).max(200).describe('Internal reference or barcode of the product'),
  location: z
    .string()
    .max(200)
    .optional()
    .describe('Full name of one location, e.g. WH/Stock; all when empty'),
});
const output = z.object({
  item: z.string(),
  locations: z.array(
    z.object({
      location: z.string(),
      available: z.string().describe('On hand and reserved for nothing, decimal text'),
      uom: z.string().describe('UNECE Rec 20 code; ZZ for a unit of your own'),
    }),
  ),
});

const named = z.tuple([z.int(), z.string()]);
const quant = z.looseObject({
  location_id: named,
  product_uom_id: named,
  quantity: z.number(),
  reserved_quantity: z.number(),
});

/** `stock.quant.search_read` of internal locations; lots and packages of one location are added up. */
export const readStock = operation<z.infer<typeof input>, z.infer<typeof output>>({
  id: 'readStock',
  title: 'Read stock',
  description: 'Reads what is on hand and reserved for nothing, by location.',
  kind: 'wms',
  safety: 'read',
  input,
  output,
  target: (wanted) => `stock.quant/${wanted.item}`,
  async send({ item, location }, call) {
    const domain = [
      ['location_id.usage', '=', 'internal'],
      '|',
      ['product_id.default_code', '=', item],
      ['product_id.barcode', '=', item],
      ...(location ? [['location_id.complete_name', '=', location]] : []),
    ];
    const fields = ['location_id', 'product_uom_id', 'quantity', 'reserved_quantity'];
    const found = await searchRead(call, 'stock.quant', domain, fields, quant);
    if (!found.ok) return found.refusal;
    const sums = new Map<string, { available: string; uom: string }>();
    for (const one of found.state) {
      const free = subtract(decimalOf(one.quantity) ?? '0', decimalOf(one.reserved_quantity) ?? '0') ?? '0';
      const before = sums.get(one.location_id[1])?.available ?? '0';
      const uom = unitCodeOf(one.product_uom_id[1]);
      sums.set(one.location_id[1], { available: add(before, free) ?? free, uom });
    }
    const locations = [...sums].map(([name, sum]) => ({ location: name, ...sum }));
    return { outcome: 'ok', output: { item, locations }, confirmed: true };
  },
});
