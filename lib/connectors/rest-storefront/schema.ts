/** Orders and notices of docs/partner-rest.md. */
import { z } from 'zod';
import { restMoney, restQuantity, restTime } from '../kit/partner-rest';

export const order = z.object({
  orderNumber: z.string().min(1).max(200),
  status: z.enum(['OPEN', 'FULFILLED', 'CANCELLED']),
  customerAccount: z.string().max(200).optional(),
  customerPriority: z.int().min(1).max(5).optional().describe('1 is the highest'),
  slaTier: z.enum(['STANDARD', 'PRIORITY', 'STRATEGIC']).optional(),
  promisedDeliveryAt: restTime.nullish(),
  etaAt: restTime.nullish(),
  etaAsOf: restTime.nullish(),
  allowsPartial: z.boolean().optional().describe('The customer takes part deliveries'),
  shipComplete: z.boolean().optional().describe('Everything at once or nothing'),
  orderValue: restMoney.optional(),
  lines: z.array(
    z.object({
      lineId: z.string().max(100),
      item: z.string().max(200),
      ordered: restQuantity,
      fulfilled: restQuantity.optional(),
    }),
  ),
});
export type Order = z.infer<typeof order>;

export const notice = z.object({
  id: z.string().min(1).max(200),
  template: z.string().max(200),
  state: z.enum(['QUEUED', 'SENT', 'SUPPRESSED']).describe('SUPPRESSED: the customer wants no notices'),
});
export type Notice = z.infer<typeof notice>;
