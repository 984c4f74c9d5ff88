/** The planned day belongs to a shipment: its moves follow (`_set_move_planned_date` of trytond modules/stock/shipment.py). */
import { z } from 'zod';
import { type Refusal, stateChanged } from '../kit/change';
import type { CallContext } from '../kit/connector';
import { rpc } from './rpc';
import type { Shipment } from './sales';
import { toDate } from './values';

/** Moves a shipment to another day; refuses when something else than the one move leaves in it. */
export async function setPlannedDay(
  call: CallContext,
  shipment: Shipment,
  moveId: number,
  day: string,
): Promise<Refusal | undefined> {
  const others = shipment['outgoing_moves.'].filter(
    ({ id, state }) => id !== moveId && state !== 'cancelled',
  );
  if (others.length > 0)
    return stateChanged(
      `shipment ${shipment.number ?? shipment.id} holds ${others.length} other moves: its day is theirs too`,
    );
  const written = await rpc(
    call,
    'model.stock.shipment.out.write',
    [[shipment.id], { planned_date: toDate(day) }],
    z.unknown(),
    { write: true },
  );
  return written.ok ? undefined : written.refusal;
}
