import type { z } from 'zod';
import { type CallContext, type LookUpResult, type OperationResult, operation } from '../../kit/connector';
import { holdOrder as holdContract, resumeOrder as resumeContract } from '../../kit/contracts/wms';
import { notFoundOrThrow } from '../../kit/look-up';
import { object } from '../../kit/text';
import { tell, withAccount } from '../client';
import { findOrder, holdFields, isCancelled, viewOf } from '../order';

type Hold = z.infer<typeof holdContract.output>;

/** The hold that a person or a system sets by hand; the others are ShipHero's own findings. */
const operatorHold = 'operator_hold';

const mutation = `mutation Hold($data: UpdateOrderHoldsInput!) {
  order_update_holds(data: $data) {
    request_id
    complexity
    order { id order_number fulfillment_status ${holdFields} }
  }
}`;

/** order_update_holds with `operator_hold`; setting what is set already changes nothing. */
async function setHold(orderNumber: string, on: boolean, call: CallContext): Promise<OperationResult<Hold>> {
  const found = await findOrder(call, orderNumber);
  if (!found.ok) return found.refusal;
  const { id, holds } = found.value;
  if (on && isCancelled(found.value))
    return {
      outcome: 'fatal',
      message: `${orderNumber} is cancelled: nothing is left to hold`,
      vendorCode: 'NOTHING_TO_HOLD',
    };
  if (holds.has(operatorHold) === on)
    return { outcome: 'ok', output: { orderNumber, held: holds.size > 0 }, confirmed: true };
  const data = withAccount(call, { order_id: id, [operatorHold]: on });
  const answer = await tell(call, 'order_update_holds', mutation, { data });
  if (!answer.ok) return answer.refusal;
  const after = object(answer.data.order);
  const shown = after === undefined ? undefined : viewOf(after).holds;
  return {
    outcome: 'ok',
    output: { orderNumber, held: shown === undefined ? on : shown.size > 0 },
    confirmed: shown?.has(operatorHold) === on,
  };
}

async function look(orderNumber: string, on: boolean, call: CallContext): Promise<LookUpResult<Hold>> {
  const found = await findOrder(call, orderNumber);
  if (!found.ok) return notFoundOrThrow(found.refusal);
  const { holds } = found.value;
  if (holds.has(operatorHold) !== on) return { found: false };
  return { found: true, output: { orderNumber, held: holds.size > 0 }, confirmed: true };
}

export const holdOrder = operation<z.infer<typeof holdContract.input>, Hold>({
  id: 'holdOrder',
  title: 'Hold order',
  description: 'Sets the operator hold: the order is neither allocated nor picked until it is resumed.',
  kind: 'wms',
  safety: 'reconcilable',
  input: holdContract.input,
  output: holdContract.output,
  undo: { operation: 'resumeOrder', input: ({ orderNumber }) => ({ orderNumber }) },
  target: ({ orderNumber }) => `hold/${orderNumber}`,
  send: ({ orderNumber }, call) => setHold(orderNumber, true, call),
  lookUp: ({ orderNumber }, call) => look(orderNumber, true, call),
});

export const resumeOrder = operation<z.infer<typeof resumeContract.input>, Hold>({
  id: 'resumeOrder',
  title: 'Resume order',
  description: 'Takes the operator hold off; `held` is true where another hold stays.',
  kind: 'wms',
  safety: 'reconcilable',
  input: resumeContract.input,
  output: resumeContract.output,
  target: ({ orderNumber }) => `resume/${orderNumber}`,
  send: ({ orderNumber }, call) => setHold(orderNumber, false, call),
  lookUp: ({ orderNumber }, call) => look(orderNumber, false, call),
});
