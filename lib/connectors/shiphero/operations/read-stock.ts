import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { readStock as contract } from '../../kit/contracts/wms';
import { pieces } from '../../kit/order-lines';
import { object, text } from '../../kit/text';
import { ask } from '../client';
import { nodesOf } from '../ids';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

const query = `query Stock($sku: String!) {
  warehouse_products(sku: $sku) {
    request_id
    complexity
    data(first: 50) { edges { node { sku on_hand available allocated warehouse { id identifier } } } }
  }
}`;

/** `warehouse_products`: available is on hand and allocated to no order, in each warehouse. */
export const readStock = operation<Input, Output>({
  id: 'readStock',
  title: 'Read stock',
  description: 'Reads what is available of a SKU in each warehouse.',
  kind: 'wms',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ item, location }) => `stock/${item}/${location ?? 'all'}`,
  async send({ item, location }, call) {
    const answer = await ask(call, query, { sku: item });
    if (!answer.ok) return answer.refusal;
    const products = nodesOf(object(answer.data.warehouse_products)?.data).filter(
      ({ sku }) => text(sku, 200) === item,
    );
    if (products.length === 0)
      return {
        outcome: 'business',
        code: 'IDENTIFIER_UNRESOLVED',
        message: `ShipHero has no product with the SKU ${item}`,
      };
    const locations = products.flatMap((product) => {
      const warehouse = object(product.warehouse);
      const id = text(warehouse?.id, 200);
      const name = text(warehouse?.identifier, 200) ?? id;
      const quantity =
        typeof product.available === 'number' ? pieces(Math.max(0, product.available)) : undefined;
      if (name === undefined || quantity === undefined) return [];
      if (location !== undefined && location !== name && location !== id) return [];
      return [{ location: name, available: quantity.value, uom: quantity.uom }];
    });
    return { outcome: 'ok', output: { item, locations }, confirmed: true };
  },
});
