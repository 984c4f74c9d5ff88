import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { readRelease as contract } from '../../kit/contracts/wms';
import { findOrder } from '../order';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** The fulfilment status of an order, by its number. Accounts add statuses of their own. */
export const readRelease = operation<Input, Output>({
  id: 'readRelease',
  title: 'Read release',
  description: 'Reads how far the warehouse is with an order.',
  kind: 'wms',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ reference }) => `order/${reference}`,
  async send({ reference }, call) {
    const found = await findOrder(call, reference);
    if (!found.ok) return found.refusal;
    return {
      outcome: 'ok',
      output: { reference, state: found.value.status },
      confirmed: true,
      reference: found.value.id,
    };
  },
});
