/** Reservations of one request: Medusa keeps one a line; our reference in their description holds them together. */
import type { CallContext } from '../kit/connector';
import type { Json } from '../kit/text';
import { ask, encoded, type Found } from './client';
import { objects } from './orders';

/** The id of a group of reservations, as `reserveStock` answers it. */
export const groupOf = (call: CallContext) => `reroute-${call.idempotencyKey.slice(0, 32)}`;

/** GET /admin/reservations by description; a single one by its own id (`resitem_...`). */
export async function readGroup(call: CallContext, id: string): Promise<Found<Json[]>> {
  const by = id.startsWith('resitem_') ? 'id' : 'description';
  const path =
    by === 'id'
      ? `/admin/reservations/${encoded(id)}`
      : `/admin/reservations?description=${encoded(id)}&limit=1000`;
  const answer = await ask(call, path);
  if (!answer.ok) {
    const gone = answer.refusal.outcome === 'business' && answer.refusal.code === 'IDENTIFIER_UNRESOLVED';
    return gone ? { ok: true, value: [] } : answer;
  }
  if (by === 'id') return { ok: true, value: objects([answer.value.reservation]) };
  return {
    ok: true,
    value: objects(answer.value.reservations).filter(({ description }) => description === id),
  };
}
