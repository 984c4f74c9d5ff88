/** Inventory items and where they lie: https://docs.medusajs.com/api/admin#inventory-items */
import type { CallContext } from '../kit/connector';
import { pieces } from '../kit/order-lines';
import { text } from '../kit/text';
import { ask, encoded, type Found, unresolved } from './client';
import { idOf } from './order-view';
import { objects } from './orders';

export interface Level {
  location: string;
  /** On hand and promised to nobody. */
  available: string;
}

/** The inventory item of a SKU; a SKU of none, or of several, is not guessed at. */
export async function findItem(call: CallContext, sku: string): Promise<Found<string>> {
  const answer = await ask(call, `/admin/inventory-items?sku=${encoded(sku)}&limit=2`);
  if (!answer.ok) return answer;
  const items = objects(answer.value.inventory_items).filter((item) => text(item.sku, 200) === sku);
  const [item] = items;
  if (item === undefined) return unresolved(`Medusa has no inventory item with the SKU ${sku}`);
  return items.length === 1
    ? { ok: true, value: idOf(item) }
    : unresolved(`several inventory items have the SKU ${sku}`);
}

/** GET /admin/inventory-items/{id}/location-levels. What was promised beyond the stock leaves nothing. */
export async function readLevels(call: CallContext, itemId: string): Promise<Found<Level[]>> {
  const answer = await ask(call, `/admin/inventory-items/${encoded(itemId)}/location-levels?limit=200`);
  if (!answer.ok) return answer;
  const levels = objects(answer.value.inventory_levels).flatMap((level): Level[] => {
    const location = text(level.location_id, 200);
    if (location === undefined || typeof level.available_quantity !== 'number') return [];
    return [{ location, available: pieces(Math.max(0, level.available_quantity))?.value ?? '0' }];
  });
  return { ok: true, value: levels };
}
