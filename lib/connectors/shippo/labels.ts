/** Labels as Shippo takes and shows them: a shipment is rated, a transaction buys one of its rates. */
import { z } from 'zod';
import type { CallContext } from '../kit/connector';
import { createLabel, type Parcel } from '../kit/contracts/carrier';
import { times } from '../kit/decimal';
import { majorUnits, moneyOf } from '../kit/money';
import { present } from '../kit/present';
import { type Json, object, objects, text } from '../kit/text';
import { addressOf } from './client';

export const labelInput = createLabel.input.extend({
  customsSigner: z
    .string()
    .max(100)
    .optional()
    .describe('Who certifies the customs declaration; needed with one'),
  nonDelivery: z
    .enum(['RETURN', 'ABANDON'])
    .default('RETURN')
    .describe('What customs is told to do with what cannot be delivered'),
  eelPfc: z
    .enum(['NOEEI_30_37_a', 'NOEEI_30_37_h', 'NOEEI_30_37_f', 'NOEEI_30_36', 'AES_ITN'])
    .optional()
    .describe('Export exemption, for exports from the United States'),
});
export type LabelInput = z.infer<typeof labelInput>;
export type Label = z.infer<typeof createLabel.output>;

/** `metadata` holds 100 characters: by it the shipment of an unanswered call is found again. */
export const referenceOf = (call: CallContext) => `reroute-${call.idempotencyKey}`;

const massUnits: Readonly<Record<string, string>> = { KGM: 'kg', GRM: 'g', LBR: 'lb', ONZ: 'oz' };

export const formatOf = (wanted: LabelInput['labelFormat']) =>
  ({ PDF: 'PDF_4x6', PNG: 'PNG', GIF: 'PNG', ZPL: 'ZPLII' })[wanted];

const isObjectId = (carrier: string | undefined) => /^[0-9a-f]{32}$/.test(carrier ?? '');

/** What POST /shipments takes; a sentence when the shipment cannot be described to Shippo. */
export function shipmentRequest(wanted: LabelInput, call: CallContext): Json | string {
  const parcels = wanted.parcels.flatMap((parcel) => parcelOf(parcel) ?? []);
  if (parcels.length < wanted.parcels.length)
    return 'Shippo needs weight (KGM, GRM, LBR or ONZ), length, width and height of every parcel';
  const customs = wanted.customs === undefined ? undefined : customsOf(wanted, wanted.customs);
  if (typeof customs === 'string') return customs;
  return present({
    address_from: addressOf(wanted.from),
    address_to: addressOf(wanted.to),
    parcels,
    async: false,
    metadata: referenceOf(call),
    extra: { reference_1: wanted.reference },
    carrier_accounts: isObjectId(wanted.carrier) ? [wanted.carrier] : undefined,
    customs_declaration: customs,
  });
}

function parcelOf({ weight, length, width, height, dimensionUom }: Parcel): Json | undefined {
  const unit = massUnits[weight.uom];
  if (unit === undefined || length === undefined || width === undefined || height === undefined)
    return undefined;
  const distance = dimensionUom === 'INH' ? 'in' : 'cm';
  return { mass_unit: unit, weight: weight.value, distance_unit: distance, length, width, height };
}

/** Weight and value of an item are those of all its pieces. */
function customsOf(wanted: LabelInput, lines: NonNullable<LabelInput['customs']>): Json | string {
  if (wanted.customsSigner === undefined) return 'name who certifies the customs declaration (customsSigner)';
  const items = lines.flatMap((line) => {
    const { weight, originCountry } = line;
    const unit = massUnits[weight?.uom ?? ''];
    if (weight === undefined || unit === undefined || originCountry === undefined) return [];
    return present({
      description: line.description,
      quantity: Math.round(Number(line.quantity)),
      net_weight: times(weight.value, line.quantity),
      mass_unit: unit,
      value_amount: times(majorUnits(line.value), line.quantity),
      value_currency: line.value.currency,
      origin_country: originCountry,
      hs_code: line.hsCode,
    });
  });
  if (items.length < lines.length) return 'Shippo needs weight and country of origin of every customs line';
  return present({
    certify: true,
    certify_signer: wanted.customsSigner,
    contents_type: 'MERCHANDISE',
    non_delivery_option: wanted.nonDelivery,
    eel_pfc: wanted.eelPfc,
    items,
  });
}

/** The cheapest rate of the service, of the carrier where one is named by its name. */
export function rateOf(shipment: Json, { service, carrier }: LabelInput): Json | undefined {
  const provider = isObjectId(carrier) ? undefined : carrier?.toLowerCase();
  return objects(shipment.rates)
    .filter((rate) => object(rate.servicelevel)?.token === service)
    .filter((rate) => provider === undefined || text(rate.provider, 60)?.toLowerCase() === provider)
    .toSorted((a, b) => Number(a.amount) - Number(b.amount))[0];
}

/** The label of a transaction; undefined while there is none. */
export function labelOf(transaction: Json | undefined, rate: Json | undefined): Label | undefined {
  const shipmentId = text(transaction?.object_id, 100);
  const trackingNumber = text(transaction?.tracking_number, 100);
  if (shipmentId === undefined || trackingNumber === undefined || transaction?.status !== 'SUCCESS')
    return undefined;
  return present({
    shipmentId,
    trackingNumber,
    trackingNumbers: [trackingNumber],
    carrier: text(rate?.provider, 60)?.toLowerCase(),
    service: text(object(rate?.servicelevel)?.token, 60),
    cost: moneyOf(rate?.amount, rate?.currency),
    label: present({
      format: (text(transaction.label_file_type, 20) ?? 'PDF').split('_')[0] ?? 'PDF',
      url: text(transaction.label_url, 2000),
    }),
  });
}
