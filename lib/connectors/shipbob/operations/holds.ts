import type { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { holdOrder as holdContract, resumeOrder as resumeContract } from '../../kit/contracts/wms';
import { notFoundOrThrow } from '../../kit/look-up';
import { quietly } from '../../kit/outbound';
import { rateLimitHeaders, tell } from '../client';
import { failures, findOrder, isHeld, isOpen, type ShipmentState, shipmentsOf } from '../orders';

type Hold = z.infer<typeof holdContract.output>;

async function shipmentsAfter(call: CallContext, orderNumber: string): Promise<ShipmentState[] | undefined> {
  const found = await quietly(() => findOrder(call, orderNumber));
  return found?.ok ? shipmentsOf(found.value) : undefined;
}

/** POST /shipment:bulkPlaceOnHold. Each shipment is judged by itself: one that is picked already fails although the answer is a 200. */
async function hold(orderNumber: string, call: CallContext): Promise<OperationResult<Hold>> {
  const found = await findOrder(call, orderNumber);
  if (!found.ok) return found.refusal;
  const open = shipmentsOf(found.value).filter(isOpen);
  if (open.length === 0)
    return {
      outcome: 'fatal',
      message: `nothing of ${orderNumber} is left to hold`,
      vendorCode: 'NOTHING_TO_HOLD',
    };
  const due = open.filter((shipment) => !isHeld(shipment)).map(({ id }) => id);
  if (due.length === 0) return { outcome: 'ok', output: { orderNumber, held: true }, confirmed: true };
  const answer = await tell(call, '/shipment:bulkPlaceOnHold', {
    shipment_ids: due,
    reserve_inventory: true,
  });
  if (!answer.ok) return answer.refusal;
  const failed = failures(answer.value);
  if (failed.length > 0) return { outcome: 'fatal', message: failed.join('; '), vendorCode: 'HOLD_FAILED' };
  const after = await shipmentsAfter(call, orderNumber);
  const confirmed = after?.filter(isOpen).every(isHeld) ?? false;
  return { outcome: 'ok', output: { orderNumber, held: true }, confirmed };
}

export const holdOrder = operation<z.infer<typeof holdContract.input>, Hold>({
  id: 'holdOrder',
  title: 'Hold order',
  description: 'Holds every shipment of an order that has not left; the stock stays reserved.',
  kind: 'wms',
  rateLimitHeaders,
  safety: 'reconcilable',
  input: holdContract.input,
  output: holdContract.output,
  undo: { operation: 'resumeOrder', input: ({ orderNumber }) => ({ orderNumber }) },
  target: ({ orderNumber }) => `hold/${orderNumber}`,
  send: ({ orderNumber }, call) => hold(orderNumber, call),
  async lookUp({ orderNumber }, call) {
    const found = await findOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const open = shipmentsOf(found.value).filter(isOpen);
    if (open.length === 0 || !open.every(isHeld)) return { found: false };
    return { found: true, output: { orderNumber, held: true }, confirmed: true };
  },
});

/** POST /shipment:bulkReleaseHold. It removes the merchant's holds only: a shipment may stay held for reasons of ShipBob's own. */
async function resume(orderNumber: string, call: CallContext): Promise<OperationResult<Hold>> {
  const found = await findOrder(call, orderNumber);
  if (!found.ok) return found.refusal;
  const held = shipmentsOf(found.value).filter(isHeld);
  if (held.length === 0) return { outcome: 'ok', output: { orderNumber, held: false }, confirmed: true };
  const answer = await tell(call, '/shipment:bulkReleaseHold', { shipment_ids: held.map(({ id }) => id) });
  if (!answer.ok) return answer.refusal;
  const failed = failures(answer.value);
  if (failed.length > 0)
    return { outcome: 'fatal', message: failed.join('; '), vendorCode: 'RELEASE_FAILED' };
  const after = await shipmentsAfter(call, orderNumber);
  return {
    outcome: 'ok',
    output: { orderNumber, held: after?.some(isHeld) ?? false },
    confirmed: after !== undefined,
  };
}

export const resumeOrder = operation<z.infer<typeof resumeContract.input>, Hold>({
  id: 'resumeOrder',
  title: 'Resume order',
  description:
    "Releases the merchant's holds; `held` is true where ShipBob holds a shipment for reasons of its own.",
  kind: 'wms',
  rateLimitHeaders,
  safety: 'reconcilable',
  input: resumeContract.input,
  output: resumeContract.output,
  target: ({ orderNumber }) => `resume/${orderNumber}`,
  send: ({ orderNumber }, call) => resume(orderNumber, call),
  async lookUp({ orderNumber }, call) {
    const found = await findOrder(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (shipmentsOf(found.value).some(isHeld)) return { found: false };
    return { found: true, output: { orderNumber, held: false }, confirmed: true };
  },
});
