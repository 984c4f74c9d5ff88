/** Labels as Sendcloud takes and shows them (https://sendcloud.dev/api/v2/parcels/create-a-parcel-or-parcels). */
import { z } from 'zod';
import { lookUpUnanswered } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { createLabel, type Parcel } from '../kit/contracts/carrier';
import { lengthIn, weightIn } from '../kit/measures';
import { majorUnits } from '../kit/money';
import { reading } from '../kit/outbound';
import { present } from '../kit/present';
import { type Json, list, object, text } from '../kit/text';
import { sendSendcloud } from './client';

export const labelInput = createLabel.input.extend({
  invoiceNumber: z
    .string()
    .max(40)
    .optional()
    .describe('Of the customs invoice; the reference where it is left out'),
});
export type LabelInput = z.infer<typeof labelInput>;
export type Label = z.infer<typeof createLabel.output>;

/** `external_reference` is unique across parcels, `used to create idempotence`. */
export const externalReferenceOf = (call: CallContext) => call.idempotencyKey.slice(0, 40);

/** Destinations whose state or province is asked for. */
const withState = new Set(['US', 'CA', 'IT', 'AU']);
/** Commercial goods. */
const goods = 2;

/** What POST /parcels takes; a sentence when the parcel cannot be described to Sendcloud. */
export function parcelRequest(wanted: LabelInput, call: CallContext): Json | string {
  const [parcel, ...others] = wanted.parcels;
  if (parcel === undefined || others.length > 0) return 'ask for one Sendcloud label a parcel';
  if (!/^\d{1,9}$/.test(wanted.service)) return 'the service is the id of a Sendcloud shipping method';
  const weight = weightIn(parcel.weight, 'KGM', 3);
  if (weight === undefined) return 'the weight must be in KGM, GRM, LBR or ONZ';
  const customs = wanted.customs === undefined ? {} : customsOf(wanted, wanted.customs);
  if (typeof customs === 'string') return customs;
  const { name, company, lines, city, region, postalCode, country, phone, email } = wanted.to;
  const person = name ?? company;
  if (person === undefined || postalCode === undefined)
    return 'Sendcloud needs a name and a postal code of the receiver';
  const sender = call.settings.senderAddress;
  return {
    parcel: present({
      name: person,
      company_name: company,
      address: lines[0],
      address_2: lines.slice(1).join(', ') || undefined,
      city,
      postal_code: postalCode,
      country,
      country_state: withState.has(country) ? region : undefined,
      telephone: phone,
      email,
      weight,
      ...dimensionsOf(parcel),
      shipment: { id: Number(wanted.service) },
      order_number: wanted.reference,
      external_reference: externalReferenceOf(call),
      sender_address: typeof sender === 'number' ? sender : undefined,
      request_label: true,
      ...customs,
    }),
  };
}

function dimensionsOf({ length, width, height, dimensionUom }: Parcel): Json {
  if (length === undefined || width === undefined || height === undefined) return {};
  const centimetres = (side: string) => lengthIn(side, dimensionUom, 'CMT', 1);
  return { length: centimetres(length), width: centimetres(width), height: centimetres(height) };
}

function customsOf(wanted: LabelInput, lines: NonNullable<LabelInput['customs']>): Json | string {
  const items = lines.flatMap((line) => {
    const weight = line.weight === undefined ? undefined : weightIn(line.weight, 'KGM', 3);
    if (weight === undefined || line.hsCode === undefined) return [];
    return present({
      description: line.description,
      quantity: Math.round(Number(line.quantity)),
      value: Number(majorUnits(line.value)),
      weight,
      hs_code: line.hsCode,
      origin_country: line.originCountry,
    });
  });
  if (items.length < lines.length) return 'Sendcloud needs weight and HS code of every customs line';
  return {
    parcel_items: items,
    customs_information: {
      customs_invoice_nr: wanted.invoiceNumber ?? wanted.reference,
      customs_shipment_type: goods,
    },
  };
}

/** The label of a parcel; undefined while it has no number. */
export function labelOf(parcel: Json | undefined): Label | undefined {
  const shipmentId = text(parcel?.id, 100);
  const trackingNumber = text(parcel?.tracking_number, 100);
  if (shipmentId === undefined || trackingNumber === undefined) return undefined;
  const links = object(parcel?.label);
  const url = text(links?.label_printer, 2000) ?? text(list(links?.normal_printer)[0], 2000);
  return present({
    shipmentId,
    trackingNumber,
    trackingNumbers: [trackingNumber],
    carrier: text(object(parcel?.carrier)?.code, 60),
    service: text(object(parcel?.shipment)?.id, 60),
    label: url === undefined ? undefined : { format: 'PDF', url },
  });
}

export const statusOf = (parcel: Json | undefined) => text(object(parcel?.status)?.id, 20);

/** GET of parcels during a look-up. @throws LOOK_UP_UNANSWERED when it is no 200 */
export async function lookUpParcels(call: CallContext, path: string): Promise<Json> {
  const response = await reading(() => sendSendcloud(call, { method: 'GET', path }));
  const found = response.status === 200 ? object(response.json()) : undefined;
  if (found !== undefined) return found;
  throw lookUpUnanswered('Sendcloud', response);
}
