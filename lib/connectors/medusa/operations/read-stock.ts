import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { readStock as contract } from '../../kit/contracts/wms';
import { findItem, readLevels } from '../stock';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** GET /admin/inventory-items and its location levels */
export const readStock = operation<Input, Output>({
  id: 'readStock',
  title: 'Read stock',
  description: 'Reads what is available of a SKU in each stock location.',
  kind: 'wms',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ item, location }) => `stock/${item}/${location ?? 'all'}`,
  async send({ item, location }, call) {
    const found = await findItem(call, item);
    if (!found.ok) return found.refusal;
    const levels = await readLevels(call, found.value);
    if (!levels.ok) return levels.refusal;
    const locations = levels.value
      .filter((level) => location === undefined || level.location === location)
      .map(({ location: at, available }) => ({ location: at, available, uom: 'EA' }));
    return { outcome: 'ok', output: { item, locations }, confirmed: true };
  },
});
