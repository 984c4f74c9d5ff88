import { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Read } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { isOpenPicking, press } from '../pickings';
import { type Picking, readPicking } from '../records';

const input = z.object({
  reservationId: z.string().min(1).max(200).describe('Numbers of the deliveries, as reserveStock named them'),
});
type Input = z.infer<typeof input>;
const output = z.object({ reservationId: z.string(), state: z.string() });
type Output = z.infer<typeof output>;

async function read({ reservationId }: Input, call: CallContext): Promise<Read<Picking[]>> {
  const pickings: Picking[] = [];
  for (const name of reservationId.split(',')) {
    const found = await readPicking(call, { name });
    if (!found.ok) return found;
    pickings.push(found.state);
  }
  return { ok: true, state: pickings };
}

const isReserved = ({ state }: Picking) => state === 'assigned';

function changeOf(wanted: Input, call: CallContext): Change<Picking[], Output> {
  return {
    read: () => read(wanted, call),
    intended: (pickings) => !pickings.some(isReserved),
    write: (pickings) => press(call, 'do_unreserve', pickings.filter(isOpenPicking)),
    output: (_before, after) => ({
      reservationId: wanted.reservationId,
      state: after.some(isReserved) ? 'RESERVED' : 'RELEASED',
    }),
  };
}

/** `stock.picking.do_unreserve`. */
export const releaseReservation = operation<Input, Output>({
  id: 'releaseReservation',
  title: 'Give reservation back',
  description: 'Gives the stock back that is reserved for deliveries.',
  kind: 'wms',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.picking/${wanted.reservationId}/reservation`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
});
