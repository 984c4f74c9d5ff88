/** Labels as ShipEngine takes and shows them (openapi.yaml, create_label_request_body and label). */
import { z } from 'zod';
import { lookUpUnanswered } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { createLabel, type Parcel } from '../kit/contracts/carrier';
import { majorUnits, moneyOf } from '../kit/money';
import { reading } from '../kit/outbound';
import { present } from '../kit/present';
import { type Json, object, objects, text } from '../kit/text';
import { addressOf, missingIn, sendShipengine } from './client';

export const labelInput = createLabel.input.extend({
  nonDelivery: z
    .enum(['return_to_sender', 'treat_as_abandoned'])
    .default('return_to_sender')
    .describe('What customs is told to do with what cannot be delivered'),
});
export type LabelInput = z.infer<typeof labelInput>;
export type Label = z.infer<typeof createLabel.output>;

/** `external_shipment_id` holds 50 characters and is unique. */
export const externalIdOf = (call: CallContext) => call.idempotencyKey.slice(0, 50);

const weightUnits: Readonly<Record<string, string>> = {
  KGM: 'kilogram',
  GRM: 'gram',
  LBR: 'pound',
  ONZ: 'ounce',
};

/** Units as they are given: ShipEngine takes all four. */
const weightOf = ({ value, uom }: { value: string; uom: string }) =>
  weightUnits[uom] === undefined ? undefined : { value: Number(value), unit: weightUnits[uom] };

function dimensionsOf({ length, width, height, dimensionUom }: Parcel): Json | undefined {
  if (length === undefined || width === undefined || height === undefined) return undefined;
  const unit = dimensionUom === 'INH' ? 'inch' : 'centimeter';
  return { unit, length: Number(length), width: Number(width), height: Number(height) };
}

/** All products are declared with the first package: the order does not say which package they are in. */
function productsOf(lines: LabelInput['customs']): Json[] | undefined {
  return lines?.map((line) =>
    present({
      description: line.description.slice(0, 100),
      quantity: Math.round(Number(line.quantity)),
      value: { currency: line.value.currency, amount: Number(majorUnits(line.value)) },
      weight: line.weight === undefined ? undefined : weightOf(line.weight),
      harmonized_tariff_code: line.hsCode,
      country_of_origin: line.originCountry,
    }),
  );
}

/** What POST /v1/labels takes; a sentence when the shipment cannot be described to ShipEngine. */
export function labelRequest(wanted: LabelInput, call: CallContext): Json | string {
  const carrierId = wanted.carrier ?? text(call.settings.carrierId, 25);
  if (carrierId === undefined || !/^se(-[a-z0-9]+)+$/.test(carrierId))
    return 'name the carrier account (se-...) in the input or in the partner';
  const missing = missingIn(wanted.from) ?? missingIn(wanted.to);
  if (missing !== undefined) return missing;
  if (wanted.parcels.some(({ weight }) => weightOf(weight) === undefined))
    return 'the weight must be in KGM, GRM, LBR or ONZ';
  const format = wanted.labelFormat === 'GIF' ? 'PNG' : wanted.labelFormat;
  return {
    shipment: present({
      carrier_id: carrierId,
      service_code: wanted.service,
      external_shipment_id: externalIdOf(call),
      external_order_id: wanted.reference,
      ship_from: addressOf(wanted.from),
      ship_to: addressOf(wanted.to),
      packages: packagesOf(wanted),
      customs:
        wanted.customs === undefined
          ? undefined
          : { contents: 'merchandise', non_delivery: wanted.nonDelivery },
    }),
    label_format: format.toLowerCase(),
  };
}

function packagesOf({ parcels, customs, reference }: LabelInput): Json[] {
  return parcels.map((parcel, at) =>
    present({
      weight: weightOf(parcel.weight),
      dimensions: dimensionsOf(parcel),
      label_messages: { reference1: reference, reference2: null, reference3: null },
      products: at === 0 ? productsOf(customs) : undefined,
    }),
  );
}

/** The label of an answer; undefined when it has no number or was voided. */
export function labelOf(answer: Json | undefined): Label | undefined {
  const shipmentId = text(answer?.label_id, 100);
  const trackingNumber = text(answer?.tracking_number, 100);
  if (shipmentId === undefined || trackingNumber === undefined || answer?.voided === true) return undefined;
  const numbers = objects(answer?.packages).flatMap((item) => text(item.tracking_number, 100) ?? []);
  const cost = object(answer?.shipment_cost);
  const url = text(object(answer?.label_download)?.href, 2000);
  return present({
    shipmentId,
    trackingNumber,
    trackingNumbers: numbers.length > 0 ? numbers : [trackingNumber],
    carrier: text(answer?.carrier_code, 60),
    service: text(answer?.service_code, 60),
    cost: moneyOf(cost?.amount, text(cost?.currency, 3)?.toUpperCase()),
    label: present({ format: (text(answer?.label_format, 10) ?? 'pdf').toUpperCase(), url }),
  });
}

/** GET of a label; undefined when there is none. */
export async function findLabel(call: CallContext, path: string): Promise<Json | undefined> {
  const response = await reading(() => sendShipengine(call, { method: 'GET', path }));
  if (response.status === 404) return undefined;
  const found = response.status === 200 ? object(response.json()) : undefined;
  if (found !== undefined) return found;
  throw lookUpUnanswered('ShipEngine', response);
}
