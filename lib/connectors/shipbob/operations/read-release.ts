import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { readRelease as contract } from '../../kit/contracts/wms';
import { text } from '../../kit/text';
import { rateLimitHeaders } from '../client';
import { findOrder } from '../orders';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** GET /order by reference: Processing, Exception, PartiallyFulfilled, Fulfilled, Cancelled or ImportReview. */
export const readRelease = operation<Input, Output>({
  id: 'readRelease',
  title: 'Read release',
  description: 'Reads how far ShipBob is with an order.',
  kind: 'wms',
  rateLimitHeaders,
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ reference }) => `order/${reference}`,
  async send({ reference }, call) {
    const found = await findOrder(call, reference);
    if (!found.ok) return found.refusal;
    return {
      outcome: 'ok',
      output: { reference, state: text(found.value.status, 60) ?? '' },
      confirmed: true,
      reference,
    };
  },
});
