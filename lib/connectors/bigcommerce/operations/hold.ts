import type { z } from 'zod';
import { type CallContext, type LookUpResult, type OperationResult, operation } from '../../kit/connector';
import {
  holdFulfillment as holdContract,
  releaseFulfillment as releaseContract,
} from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { quietly } from '../../kit/outbound';
import type { Json } from '../../kit/text';
import { type Found, orderPath, rateLimitHeaders, readOne, refusal, sendBigcommerce } from '../client';
import { idOf } from '../orders';

type Hold = z.infer<typeof holdContract.output>;
type Release = z.infer<typeof releaseContract.output>;

/** Manual Verification Required: "order is on hold while some aspect needs to be manually confirmed". */
const onHold = 12;
const awaitingFulfillment = 11;
/** Statuses of an order that can still be kept from leaving: pending, partly shipped, awaiting payment, pickup, shipment, fulfilment. */
const holdable = new Set([1, 3, 7, 8, 9, 11]);

async function read(
  call: CallContext,
  orderNumber: string,
): Promise<Found<{ path: string; status: number }>> {
  const path = orderPath(orderNumber);
  if (!path.ok) return path;
  const order = await readOne(call, path.value);
  return order.ok ? { ok: true, value: { path: path.value, status: Number(order.value.status_id) } } : order;
}

/** Sets the status and reads it back; `output` is made of whether the order is held now. */
async function setStatus<O>(
  call: CallContext,
  path: string,
  status: number,
  output: (held: boolean) => O,
): Promise<OperationResult<O>> {
  const json: Json = { status_id: status };
  const refused = refusal(await sendBigcommerce(call, { method: 'PUT', path, json }), call, true);
  if (refused !== undefined) return refused;
  const after = await quietly(() => readOne(call, path));
  const shown = after?.ok ? Number(after.value.status_id) : undefined;
  return { outcome: 'ok', output: output((shown ?? status) === onHold), confirmed: shown === status };
}

/** PUT /v2/orders/{id} with status 12; the status before it is the hold's name, so that a release can restore it. */
export const holdFulfillment = operation<z.infer<typeof holdContract.input>, Hold>({
  id: 'holdFulfillment',
  title: 'Hold fulfilment',
  description: 'Puts an order on "Manual Verification Required" until it is released.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: holdContract.input,
  output: holdContract.output,
  rateLimitHeaders,
  undo: {
    operation: 'releaseFulfillment',
    input: ({ orderNumber }, { holdId }) => ({ orderNumber, holdId }),
  },
  target: ({ orderNumber }) => `hold/${orderNumber}`,
  async send({ orderNumber }, call) {
    const found = await read(call, orderNumber);
    if (!found.ok) return found.refusal;
    const { path, status } = found.value;
    if (status === onHold) return { outcome: 'ok', output: { orderNumber, held: true }, confirmed: true };
    if (!holdable.has(status))
      return {
        outcome: 'fatal',
        message: `an order of status ${status} cannot be held`,
        vendorCode: `STATUS_${status}`,
      };
    const holdId = `status-${status}`;
    return setStatus(call, path, onHold, (held) => ({ orderNumber, held, holdId }));
  },
  async lookUp({ orderNumber }, call): Promise<LookUpResult<Hold>> {
    const found = await read(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (found.value.status !== onHold) return { found: false };
    return { found: true, output: { orderNumber, held: true }, confirmed: true };
  },
});

/** The status that the hold's name keeps; Awaiting Fulfillment where it has none. */
const statusBefore = (holdId: string | undefined) =>
  Number(idOf(holdId?.replace(/^status-/, '')) ?? awaitingFulfillment);

/** PUT /v2/orders/{id} with the status before the hold. An order that is not on hold is left alone. */
export const releaseFulfillment = operation<z.infer<typeof releaseContract.input>, Release>({
  id: 'releaseFulfillment',
  title: 'Release fulfilment',
  description: 'Gives an order on hold the status back that it had before.',
  kind: 'storefront',
  safety: 'reconcilable',
  input: releaseContract.input,
  output: releaseContract.output,
  rateLimitHeaders,
  target: ({ orderNumber }) => `release/${orderNumber}`,
  async send({ orderNumber, holdId }, call) {
    const found = await read(call, orderNumber);
    if (!found.ok) return found.refusal;
    const { path, status } = found.value;
    if (status !== onHold) return { outcome: 'ok', output: { orderNumber, held: false }, confirmed: true };
    return setStatus(call, path, statusBefore(holdId), (held) => ({ orderNumber, held }));
  },
  async lookUp({ orderNumber }, call): Promise<LookUpResult<Release>> {
    const found = await read(call, orderNumber);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    if (found.value.status === onHold) return { found: false };
    return { found: true, output: { orderNumber, held: false }, confirmed: true };
  },
});
