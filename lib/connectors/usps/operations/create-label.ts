import { z } from 'zod';
import { type Refusal, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { createLabel as contract } from '../../kit/contracts/carrier';
import { add, decimalOf } from '../../kit/decimal';
import { moneyOf } from '../../kit/money';
import { type Json, list, object, text } from '../../kit/text';
import { instant } from '../../kit/time';
import { isDomestic, unfitAddress } from '../address';
import { canPay, payerMissing, sendPaid, uspsError } from '../client';
import { type LabelInput, labelInput, labelKey, labelRequest } from '../label-request';
import { shipmentIdOf } from '../shipment-id';
import { cancelLabel } from './void-label';

const output = contract.output.extend({
  labels: z
    .array(z.object({ trackingNumber: z.string(), format: z.string(), data: z.string().optional() }))
    .describe('One a parcel'),
});
type Output = z.infer<typeof output>;

interface Label {
  trackingNumber: string;
  data: string | undefined;
  /** US dollars, decimal text. */
  cost: string | undefined;
}

/** Postage, fees and extra services of one label. */
function costOf(label: Json): string | undefined {
  const prices = [label.postage, ...pricesOf(label.fees), ...pricesOf(label.extraServices)];
  return prices.reduce<string | undefined>((sum, price) => {
    const amount = typeof price === 'number' ? decimalOf(price) : undefined;
    return sum === undefined || amount === undefined ? undefined : add(sum, amount);
  }, '0');
}

const pricesOf = (items: unknown) => list(items).map((item) => object(item)?.price ?? 0);

async function buy(json: Json, key: string, call: CallContext): Promise<Label | Refusal> {
  const response = await sendPaid(call, {
    method: 'POST',
    path: '/labels/v3/label',
    headers: { 'X-Idempotency-Key': key, accept: 'application/vnd.usps.labels+json' },
    json,
  });
  const refusal = refusalOf(response, call, {
    write: true,
    error: uspsError(response),
    exception: () => 'LABEL_GENERATION_FAILED',
  });
  if (refusal !== undefined) return refusal;
  const answer = object(response.json());
  const trackingNumber = text(answer?.trackingNumber, 100);
  if (answer === undefined || trackingNumber === undefined) return unreadable(true);
  return {
    trackingNumber,
    data: typeof answer.labelImage === 'string' ? answer.labelImage : undefined,
    cost: costOf(answer),
  };
}

/** A refused parcel leaves no half shipment: the labels before it are cancelled; when that fails, a person has to know. */
async function takeBack(bought: readonly Label[], refusal: Refusal, call: CallContext): Promise<Refusal> {
  if (refusal.outcome !== 'business' && refusal.outcome !== 'fatal') return refusal;
  for (const { trackingNumber } of bought) {
    const cancelled = await cancelLabel(trackingNumber, call);
    if ('outcome' in cancelled)
      return {
        outcome: 'unknown',
        message: `${refusal.message}; the label ${trackingNumber} of another parcel could not be cancelled`,
      };
  }
  return refusal;
}

function outputOf(wanted: LabelInput, labels: readonly Label[]): Output {
  const numbers = labels.map(({ trackingNumber }) => trackingNumber);
  const format = wanted.labelFormat;
  const images = labels.map(({ trackingNumber, data }) => ({
    trackingNumber,
    format,
    ...(data === undefined ? {} : { data }),
  }));
  const total = labels.reduce<string | undefined>(
    (sum, { cost }) => (sum === undefined || cost === undefined ? undefined : add(sum, cost)),
    '0',
  );
  const cost = moneyOf(total, 'USD');
  const first = labels[0]?.data;
  return {
    shipmentId: shipmentIdOf(numbers),
    trackingNumber: numbers[0] ?? '',
    trackingNumbers: numbers,
    carrier: 'USPS',
    service: wanted.service,
    ...(cost === undefined ? {} : { cost }),
    ...(first === undefined ? {} : { label: { format, data: first } }),
    labels: images,
  };
}

/**
 * Labels v3: POST /labels/v3/label, once a parcel. `X-Idempotency-Key`: USPS answers the same key and request with the label that exists,
 * without charging again. The mailing day is part of the request: name it where a repetition may fall on another day.
 */
export const createLabel = operation<LabelInput, Output>({
  id: 'createLabel',
  title: 'Create a label',
  description: 'Buys a domestic label for every parcel; asked again, USPS answers with the same labels.',
  kind: 'carrier',
  safety: 'keyed',
  costs: true,
  idempotencyHeader: 'X-Idempotency-Key',
  input: labelInput,
  output,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    if (!canPay(call)) return payerMissing;
    const refused = unfit(wanted);
    if (refused !== undefined) return refused;
    const today = instant(call.now).slice(0, 10);
    const requests: Json[] = [];
    // Nothing is bought before every parcel is known to be fit for it.
    for (const [at, parcel] of wanted.parcels.entries()) {
      const request = labelRequest(wanted, parcel, at, today);
      if (typeof request === 'string')
        return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message: request };
      requests.push(request);
    }
    const bought: Label[] = [];
    for (const [at, request] of requests.entries()) {
      const label = await buy(request, labelKey(call.idempotencyKey, at), call);
      if ('outcome' in label) return takeBack(bought, label, call);
      bought.push(label);
    }
    const made = outputOf(wanted, bought);
    return { outcome: 'ok', output: made, confirmed: true, reference: made.trackingNumber };
  },
});

function unfit({ from, to, customs }: LabelInput): Refusal | undefined {
  if (!isDomestic(from) || !isDomestic(to))
    return {
      outcome: 'business',
      code: 'LABEL_GENERATION_FAILED',
      message: 'labels of USPS are for the United States and its possessions only',
    };
  const long = unfitAddress(from, to);
  if (long !== undefined) return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message: long };
  return customs === undefined || customs.length === 0
    ? undefined
    : { outcome: 'fatal', message: 'customs forms of USPS are not supported: leave customs out' };
}
