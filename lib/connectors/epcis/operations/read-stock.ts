import { z } from 'zod';
import { operation } from '../../kit/connector';
import { ask, segment } from '../../kit/partner-rest';
import { type Stock, stock } from '../rest';

const input = z.object({
  item: z.string().min(1).max(200).describe('GTIN, SKU or material number'),
  location: z.string().max(200).optional().describe('One location only; all when empty'),
});
type Input = z.infer<typeof input>;

/** `GET /stock/{item}`. */
export const readStock = operation<Input, Stock>({
  id: 'readStock',
  title: 'Read stock',
  description: 'Reads what is on hand and available of an item, by location.',
  kind: 'wms',
  safety: 'read',
  input,
  output: stock,
  target: (wanted) => `stock/${wanted.item}`,
  async send(wanted, call) {
    const query = wanted.location === undefined ? '' : `?location=${encodeURIComponent(wanted.location)}`;
    const answer = await ask(call, `/stock/${segment(wanted.item)}${query}`, stock);
    return answer.ok ? { outcome: 'ok', output: answer.value, confirmed: true } : answer.refusal;
  },
});
