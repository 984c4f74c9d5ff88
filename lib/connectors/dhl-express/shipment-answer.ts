/** What POST /shipments answers about a new shipment. */
import { z } from 'zod';
import { createLabel } from '../kit/contracts/carrier';
import { moneyOf } from '../kit/money';
import { type Json, list, object, text } from '../kit/text';

export const labelOutput = createLabel.output.extend({
  labels: z
    .array(z.object({ format: z.string(), data: z.string() }))
    .optional()
    .describe('DHL makes one document with the labels of all parcels'),
});
export type LabelOutput = z.infer<typeof labelOutput>;

function labelsOf(answer: Json) {
  return list(answer.documents).flatMap((item) => {
    const document = object(item);
    const data = document?.content;
    if (document?.typeCode !== 'label' || typeof data !== 'string' || data === '') return [];
    return [{ format: text(document.imageFormat, 20) ?? 'PDF', data }];
  });
}

/** The charge in the currency the account is billed in. */
function costOf(answer: Json) {
  const charges = list(answer.shipmentCharges).map((item) => object(item));
  const billed = charges.find((charge) => charge?.currencyType === 'BILLC');
  return moneyOf(billed?.price, billed?.priceCurrency);
}

export function shipmentOf(answer: Json, service: string | undefined): LabelOutput | undefined {
  const shipmentId = text(answer.shipmentTrackingNumber, 35);
  if (shipmentId === undefined) return undefined;
  const pieces = list(answer.packages).flatMap((item) => text(object(item)?.trackingNumber, 35) ?? []);
  const labels = labelsOf(answer);
  const cost = costOf(answer);
  return {
    shipmentId,
    trackingNumber: shipmentId,
    trackingNumbers: pieces.length === 0 ? [shipmentId] : pieces,
    carrier: 'DHL Express',
    ...(service === undefined ? {} : { service }),
    ...(cost === undefined ? {} : { cost }),
    ...(labels[0] === undefined ? {} : { label: labels[0], labels }),
  };
}
