import type { z } from 'zod';
import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { readStock as contract } from '../../kit/contracts/wms';
import { pieces } from '../../kit/order-lines';
import { object, text } from '../../kit/text';
import { ask, rateLimitHeaders } from '../client';
import { idOf, objects } from '../shipments';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** GET /inventory-level/locations: fulfillable is what new orders can be filled with, at each fulfilment centre. */
export const readStock = operation<Input, Output>({
  id: 'readStock',
  title: 'Read stock',
  description: 'Reads what is fulfillable of a SKU in each fulfilment centre.',
  kind: 'wms',
  rateLimitHeaders,
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ item, location }) => `stock/${item}/${location ?? 'all'}`,
  async send({ item, location }, call) {
    const answer = await ask(
      call,
      `/inventory-level/locations?SearchBy=${encodeURIComponent(item)}&PageSize=250`,
    );
    if (!answer.ok) return answer.refusal;
    const page = object(answer.value);
    if (!Array.isArray(page?.items)) return unreadable(false);
    const found = objects(page.items).filter(({ sku }) => text(sku, 200) === item);
    if (found.length === 0)
      return {
        outcome: 'business',
        code: 'IDENTIFIER_UNRESOLVED',
        message: `ShipBob has no inventory with the SKU ${item}`,
      };
    const locations = found
      .flatMap((inventory) => objects(inventory.locations))
      .flatMap((at) => {
        const id = idOf(at.location_id);
        const quantity =
          typeof at.fulfillable_quantity === 'number' ? Math.max(0, at.fulfillable_quantity) : undefined;
        const available = pieces(quantity)?.value;
        return id === undefined || available === undefined ? [] : [{ location: id, available, uom: 'EA' }];
      })
      .filter((at) => location === undefined || at.location === location);
    return { outcome: 'ok', output: { item, locations }, confirmed: true };
  },
});
