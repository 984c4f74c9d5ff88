import { z } from 'zod';
import type { Refusal } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { updateEta as contract } from '../../kit/contracts/storefront';
import { notFoundOrThrow } from '../../kit/look-up';
import { object, text } from '../../kit/text';
import { rateLimitHeaders, tell } from '../client';
import { type Arrival, arrivalFields, arrivalsOf } from '../fulfillment';
import { idOf } from '../ids';
import { type Found, findOrder } from '../order';

const input = contract.input.extend({
  fulfillmentId: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('One fulfilment; all that are under way when empty'),
});
type Input = z.infer<typeof input>;
type Output = z.infer<typeof contract.output>;

const mutation = `mutation Eta($event: FulfillmentEventInput!) {
  fulfillmentEventCreate(fulfillmentEvent: $event) {
    fulfillmentEvent { id status happenedAt estimatedDeliveryAt }
    userErrors { field message }
  }
}`;

const sameInstant = (a: string | undefined, b: string) => a !== undefined && Date.parse(a) === Date.parse(b);

async function arrivals(wanted: Input, call: CallContext): Promise<Found<Arrival[]>> {
  const found = await findOrder(call, wanted.orderNumber, arrivalFields);
  if (!found.ok) return found;
  const only = wanted.fulfillmentId === undefined ? undefined : idOf(wanted.fulfillmentId);
  const under = arrivalsOf(found.value).filter(({ id }) => only === undefined || idOf(id) === only);
  if (under.length > 0) return { ok: true, value: under };
  const message = `${wanted.orderNumber} has no fulfilment under way: Shopify keeps an ETA on fulfilments only`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

const newer = ({ eta }: Arrival, { asOf }: Input) => eta !== undefined && eta.happenedAt > Date.parse(asOf);

/** The event repeats the latest status: an ETA alone does not move a shipment forward or back. */
async function tellEta(arrival: Arrival, wanted: Input, call: CallContext): Promise<boolean | Refusal> {
  const event = {
    fulfillmentId: arrival.id,
    status: arrival.status,
    happenedAt: wanted.asOf,
    estimatedDeliveryAt: wanted.etaAt,
    message: wanted.reason,
  };
  const answer = await tell(call, { query: mutation, variables: { event }, field: 'fulfillmentEventCreate' });
  if (!answer.ok) return answer.refusal;
  return sameInstant(text(object(answer.data.fulfillmentEvent)?.estimatedDeliveryAt, 60), wanted.etaAt);
}

/** https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentEventCreate with `estimatedDeliveryAt` */
export const updateEta = operation<Input, Output>({
  id: 'updateEta',
  title: 'Update ETA',
  description:
    'Shows a new estimated arrival on the fulfilments under way; an older estimate never replaces a newer one.',
  kind: 'storefront',
  safety: 'reconcilable',
  input,
  output: contract.output,
  rateLimitHeaders,
  target: ({ orderNumber, fulfillmentId }) => `eta/${orderNumber}/${fulfillmentId ?? 'all'}`,
  async send(wanted, call) {
    const found = await arrivals(wanted, call);
    if (!found.ok) return found.refusal;
    const due = found.value.filter((arrival) => !newer(arrival, wanted));
    if (due.length === 0)
      return {
        outcome: 'ok',
        output: { etaAt: found.value[0]?.eta?.etaAt ?? null, applied: false },
        confirmed: true,
      };
    let confirmed = true;
    for (const arrival of due.filter(({ eta }) => !sameInstant(eta?.etaAt, wanted.etaAt))) {
      const shown = await tellEta(arrival, wanted, call);
      if (typeof shown !== 'boolean') return shown;
      confirmed &&= shown;
    }
    return { outcome: 'ok', output: { etaAt: wanted.etaAt, applied: true }, confirmed };
  },
  async lookUp(wanted, call) {
    const found = await arrivals(wanted, call);
    if (!found.ok) return notFoundOrThrow(found.refusal);
    const due = found.value.filter((arrival) => !newer(arrival, wanted));
    if (due.length === 0)
      return {
        found: true,
        output: { etaAt: found.value[0]?.eta?.etaAt ?? null, applied: false },
        confirmed: true,
      };
    if (!due.every(({ eta }) => sameInstant(eta?.etaAt, wanted.etaAt))) return { found: false };
    return { found: true, output: { etaAt: wanted.etaAt, applied: true }, confirmed: true };
  },
});
