/** What the Ship API answers about a new shipment (`output.transactionShipments[]`). */
import { z } from 'zod';
import { createLabel } from '../kit/contracts/carrier';
import { moneyOf } from '../kit/money';
import { type Json, list, object, text } from '../kit/text';

const image = z.object({ format: z.string(), data: z.string().optional(), url: z.string().optional() });
export const labelOutput = createLabel.output.extend({
  labels: z
    .array(image.extend({ trackingNumber: z.string() }))
    .optional()
    .describe('One a parcel'),
});
export type LabelOutput = z.infer<typeof labelOutput>;

function labelOf(piece: Json | undefined): z.infer<typeof image> | undefined {
  const documents = list(piece?.packageDocuments).map((item) => object(item));
  const label = documents.find((document) => document?.contentType === 'LABEL') ?? documents[0];
  const data = typeof label?.encodedLabel === 'string' ? label.encodedLabel : undefined;
  const url = text(label?.url, 2000);
  if (data === undefined && url === undefined) return undefined;
  return {
    format: text(label?.docType, 20) ?? 'PDF',
    ...(data === undefined ? {} : { data }),
    ...(url === undefined ? {} : { url }),
  };
}

/** The total of the rate that FedEx calls the actual one. */
function costOf(shipment: Json) {
  const rating = object(object(shipment.completedShipmentDetail)?.shipmentRating);
  const rates = list(rating?.shipmentRateDetails).map((item) => object(item));
  const rate = rates.find((item) => item?.rateType === rating?.actualRateType) ?? rates[0];
  return moneyOf(rate?.totalNetCharge, rate?.currency);
}

export function shipmentOf(answer: unknown): LabelOutput | undefined {
  const shipment = object(list(object(object(answer)?.output)?.transactionShipments)[0]);
  const pieces = list(shipment?.pieceResponses).map((item) => object(item));
  const numbers = pieces.flatMap((piece) => text(piece?.trackingNumber, 100) ?? []);
  const master = text(shipment?.masterTrackingNumber, 100) ?? text(pieces[0]?.masterTrackingNumber, 100);
  const shipmentId = master ?? numbers[0];
  if (shipment === undefined || shipmentId === undefined) return undefined;
  const labels = pieces.flatMap((piece) => {
    const label = labelOf(piece);
    const trackingNumber = text(piece?.trackingNumber, 100);
    return label === undefined || trackingNumber === undefined ? [] : [{ trackingNumber, ...label }];
  });
  const cost = costOf(shipment);
  const service = text(shipment.serviceType, 60);
  return {
    shipmentId,
    trackingNumber: numbers[0] ?? shipmentId,
    trackingNumbers: numbers.length === 0 ? [shipmentId] : numbers,
    carrier: 'FedEx',
    ...(service === undefined ? {} : { service }),
    ...(cost === undefined ? {} : { cost }),
    ...(labels[0] === undefined ? {} : { label: withoutNumber(labels[0]), labels }),
  };
}

function withoutNumber({ format, data, url }: z.infer<typeof image>): z.infer<typeof image> {
  return { format, ...(data === undefined ? {} : { data }), ...(url === undefined ? {} : { url }) };
}
