/** What UPS answers about a shipment: when it is created (ShipmentResponse) and when its labels are recovered (LabelRecoveryResponse). */
import { z } from 'zod';
import { createLabel } from '../kit/contracts/carrier';
import { moneyOf } from '../kit/money';
import { type Json, list, object, text } from '../kit/text';

const image = z.object({ format: z.string(), data: z.string().describe('Base64') });
export const labelOutput = createLabel.output.extend({
  labels: z
    .array(image.extend({ trackingNumber: z.string() }))
    .optional()
    .describe('One a parcel'),
});
export type LabelOutput = z.infer<typeof labelOutput>;

function labelOf(parcel: Json | undefined): z.infer<typeof image> | undefined {
  const label = object(parcel?.ShippingLabel) ?? object(parcel?.LabelImage);
  if (typeof label?.GraphicImage !== 'string') return undefined;
  const format = text(object(label.ImageFormat ?? label.LabelImageFormat)?.Code, 10) ?? 'GIF';
  return { format, data: label.GraphicImage };
}

/** The negotiated price where there is one, else the published one. */
function costOf(results: Json | undefined) {
  const negotiated = object(object(results?.NegotiatedRateCharges)?.TotalCharge);
  const total = negotiated ?? object(object(results?.ShipmentCharges)?.TotalCharges);
  return moneyOf(total?.MonetaryValue, total?.CurrencyCode);
}

/** @param parcels `PackageResults` of a new shipment, or `LabelResults` of a recovered one */
export function shipmentOf(results: Json | undefined, parcels: unknown): LabelOutput | undefined {
  const items = list(parcels).map((item) => object(item));
  const numbers = items.flatMap((item) => text(item?.TrackingNumber, 100) ?? []);
  const [first] = numbers;
  if (first === undefined) return undefined;
  const labels = items.flatMap((item) => {
    const label = labelOf(item);
    const trackingNumber = text(item?.TrackingNumber, 100);
    return label === undefined || trackingNumber === undefined ? [] : [{ trackingNumber, ...label }];
  });
  const [own] = labels;
  const cost = costOf(results);
  return {
    shipmentId: text(results?.ShipmentIdentificationNumber, 100) ?? first,
    trackingNumber: first,
    trackingNumbers: numbers,
    carrier: 'UPS',
    ...(cost === undefined ? {} : { cost }),
    ...(own === undefined ? {} : { label: { format: own.format, data: own.data }, labels }),
  };
}
