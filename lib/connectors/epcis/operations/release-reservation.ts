import { z } from 'zod';
import { operation } from '../../kit/connector';
import { quietly } from '../../kit/outbound';
import { ask, foundOrThrow, noBody, segment, tell } from '../../kit/partner-rest';
import { reservation } from '../rest';

const input = z.object({ reservationId: z.string().min(1).max(200).describe('Reservation to give back') });
const output = z.object({ reservationId: z.string(), state: z.enum(['RELEASED', 'UNKNOWN']) });
type Input = z.infer<typeof input>;
type Output = z.infer<typeof output>;

const path = (wanted: Input) => `/reservations/${segment(wanted.reservationId)}`;

/** `DELETE /reservations/{id}`, read back. Giving back twice is giving back once. */
export const releaseReservation = operation<Input, Output>({
  id: 'releaseReservation',
  title: 'Give reservation back',
  description: 'Gives reserved stock back, unless it is on the floor already.',
  kind: 'wms',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `reservations/${wanted.reservationId}`,
  async send(wanted, call) {
    const answer = await tell(call, { method: 'DELETE', path: path(wanted) }, noBody);
    if (!answer.ok) return answer.refusal;
    const after = await quietly(() => ask(call, path(wanted), reservation));
    const released = after?.ok === true && after.value.state === 'RELEASED';
    const state = released ? 'RELEASED' : 'UNKNOWN';
    return { outcome: 'ok', output: { reservationId: wanted.reservationId, state }, confirmed: released };
  },
  async lookUp(wanted, call) {
    const found = foundOrThrow(await ask(call, path(wanted), reservation));
    if (found?.state !== 'RELEASED') return { found: false };
    return {
      found: true,
      output: { reservationId: wanted.reservationId, state: 'RELEASED' },
      confirmed: true,
    };
  },
});
