import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { releaseReservation as contract } from '../../kit/contracts/wms';
import { notFoundOrThrow } from '../../kit/look-up';
import { quietly } from '../../kit/outbound';
import { encoded, refusal, sendMedusa } from '../client';
import { idOf } from '../order-view';
import { readGroup } from '../reservations';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** DELETE /admin/reservations/{id} for each reservation of the group; what is gone already is released. */
export const releaseReservation = operation<Input, Output>({
  id: 'releaseReservation',
  title: 'Release reservation',
  description: 'Gives reserved stock back.',
  kind: 'wms',
  safety: 'reconcilable',
  input: contract.input,
  output: contract.output,
  target: ({ reservationId }) => `release/${reservationId}`,
  async send({ reservationId }, call) {
    const group = await readGroup(call, reservationId);
    if (!group.ok) return group.refusal;
    for (const reservation of group.value) {
      const path = `/admin/reservations/${encoded(idOf(reservation))}`;
      const response = await sendMedusa(call, { method: 'DELETE', path });
      const refused = response.status === 404 ? undefined : refusal(response, call, { write: true });
      if (refused !== undefined) return refused;
    }
    const after = group.value.length === 0 ? group : await quietly(() => readGroup(call, reservationId));
    const confirmed = after?.ok === true && after.value.length === 0;
    return { outcome: 'ok', output: { reservationId, state: 'RELEASED' }, confirmed };
  },
  async lookUp({ reservationId }, call) {
    const group = await readGroup(call, reservationId);
    if (!group.ok) return notFoundOrThrow(group.refusal);
    if (group.value.length > 0) return { found: false };
    return { found: true, output: { reservationId, state: 'RELEASED' }, confirmed: true };
  },
});
