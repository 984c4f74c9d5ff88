import { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Read } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { sameDecimal } from '../../kit/decimal';
import { amount } from '../fields';
import { follows, setMoveQuantity } from '../moves';
import { type Move, readMove, readShipment, type Shipment } from '../sales';

const input = z.object({
  delivery: z.string().min(1).max(60).describe('Number of the customer shipment'),
  line: z
    .string()
    .regex(/^\d{1,15}$/)
    .describe('Id of the outgoing move, as readDelivery names it'),
  from: amount.describe(
    'Quantity the decision was made on: when the move says something else, nothing is changed',
  ),
  to: amount.describe('What this shipment brings; 0 leaves nothing of it'),
});
type Input = z.infer<typeof input>;
const output = z.object({ delivery: z.string(), line: z.string(), quantity: z.string() });
type Output = z.infer<typeof output>;

interface Leaving {
  shipment: Shipment;
  move: Move;
}

async function read({ delivery, line }: Input, call: CallContext): Promise<Read<Leaving>> {
  const shipment = await readShipment(call, { number: delivery });
  if (!shipment.ok) return shipment;
  if (shipment.state['outgoing_moves.'].some(({ id }) => String(id) === line)) {
    const move = await readMove(call, Number(line));
    return move.ok ? { ok: true, state: { shipment: shipment.state, move: move.state } } : move;
  }
  const message = `shipment ${delivery} has no move ${line}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

function changeOf(wanted: Input, call: CallContext): Change<Leaving, Output> {
  const { delivery, line, from, to } = wanted;
  return {
    read: () => read(wanted, call),
    intended: ({ shipment, move }) => sameDecimal(move.quantity, to) && follows(shipment, move.id, to),
    refuse: ({ move }) =>
      sameDecimal(move.quantity, from) || sameDecimal(move.quantity, to)
        ? undefined
        : `move ${line} is for ${move.quantity}, not ${from}: decide again`,
    write: ({ move }) => setMoveQuantity(call, move, to),
    output: (_before, { move }) => ({ delivery, line, quantity: move.quantity }),
  };
}

/** `stock.move.write` under `_timestamp`, then the floor's moves follow (`stock.shipment.out.wait`); the sale plans the rest when it is processed next. */
export const changeDeliveryQuantity = operation<Input, Output>({
  id: 'changeDeliveryQuantity',
  title: 'Change shipment quantity',
  description: 'Changes what a customer shipment brings of a line, if it still is what was decided on.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: (wanted) => `stock.move/${wanted.delivery}/${wanted.line}/quantity`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeDeliveryQuantity',
    input: (wanted) => ({ ...wanted, from: wanted.to, to: wanted.from }),
  },
});
