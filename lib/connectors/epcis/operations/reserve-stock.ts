import { z } from 'zod';
import { operation } from '../../kit/connector';
import { tell } from '../../kit/partner-rest';
import { line, type Reservation, reservation } from '../rest';

const input = z.object({
  orderNumber: z.string().min(1).max(200).describe('Order the stock is for'),
  lines: z
    .array(
      line.extend({
        location: z
          .string()
          .max(200)
          .optional()
          .describe('Where to take it from; the warehouse chooses when empty'),
      }),
    )
    .min(1)
    .max(1000)
    .describe('All of them or none'),
});
type Input = z.infer<typeof input>;

/** `POST /reservations`, keyed. */
export const reserveStock = operation<Input, Reservation>({
  id: 'reserveStock',
  title: 'Reserve stock',
  description: 'Reserves stock for an order, all lines or none.',
  kind: 'wms',
  safety: 'keyed',
  idempotencyHeader: 'Idempotency-Key',
  input,
  output: reservation,
  target: (wanted) => `reservations/${wanted.orderNumber}/${wanted.lines.map((one) => one.lineId).join(',')}`,
  async send(wanted, call) {
    const json = { reference: call.idempotencyKey, ...wanted };
    const answer = await tell(
      call,
      { method: 'POST', path: '/reservations', json, keyed: true },
      reservation,
    );
    if (!answer.ok) return answer.refusal;
    const { value } = answer;
    return { outcome: 'ok', output: value, confirmed: value.state !== 'RELEASED', reference: value.id };
  },
  undo: { operation: 'releaseReservation', input: (_wanted, made) => ({ reservationId: made.id }) },
});
