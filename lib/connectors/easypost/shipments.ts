/** Shipments as EasyPost takes and shows them (https://docs.easypost.com/docs/shipments). */
import { z } from 'zod';
import { lookUpUnanswered } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { createLabel } from '../kit/contracts/carrier';
import { times } from '../kit/decimal';
import { lengthIn, weightIn } from '../kit/measures';
import { majorUnits, moneyOf } from '../kit/money';
import { reading } from '../kit/outbound';
import { present } from '../kit/present';
import { type Json, object, text } from '../kit/text';
import { addressOf, sendEasypost } from './client';
import { carrierOf } from './trackers';

export const labelInput = createLabel.input.extend({
  customsSigner: z
    .string()
    .max(100)
    .optional()
    .describe('Who certifies the customs declaration; without it EasyPost gets an uncertified one'),
  eelPfc: z
    .string()
    .max(60)
    .optional()
    .describe('Export exemption or ITN, for exports from the United States'),
});
export type LabelInput = z.infer<typeof labelInput>;
export type Label = z.infer<typeof createLabel.output>;

/** Our reference on what EasyPost keeps, by which it is found again. */
export const referenceOf = (call: CallContext) => `reroute-${call.idempotencyKey}`;

/** EasyPost prints PNG, PDF, ZPL and EPL2: a GIF is asked for as PNG. */
const formatOf = (wanted: LabelInput['labelFormat']) => (wanted === 'GIF' ? 'PNG' : wanted);

const numeral = (value: string | undefined) => (value === undefined ? undefined : Number(value));

/** What POST /v2/shipments takes; a sentence when the shipment cannot be described to EasyPost. */
export function shipmentRequest(wanted: LabelInput, call: CallContext): Json | string {
  const [first, ...others] = wanted.parcels;
  if (first === undefined || others.length > 0)
    return 'an EasyPost shipment is one parcel: ask for one label a parcel';
  const weight = weightIn(first.weight, 'ONZ', 1);
  if (weight === undefined) return 'the weight must be in KGM, GRM, LBR or ONZ';
  const inches = (side: string | undefined) =>
    side === undefined ? undefined : numeral(lengthIn(side, first.dimensionUom, 'INH', 1));
  return {
    shipment: {
      reference: referenceOf(call),
      from_address: addressOf(wanted.from),
      to_address: addressOf(wanted.to),
      parcel: present({
        weight: Number(weight),
        length: inches(first.length),
        width: inches(first.width),
        height: inches(first.height),
      }),
      options: { print_custom_1: wanted.reference, label_format: formatOf(wanted.labelFormat) },
      ...(wanted.customs === undefined ? {} : { customs_info: customsOf(wanted, wanted.customs) }),
    },
  };
}

/** https://docs.easypost.com/docs/customs-infos: value and weight of a line are those of all its pieces. */
function customsOf({ customsSigner, eelPfc }: LabelInput, lines: NonNullable<LabelInput['customs']>): Json {
  return present({
    contents_type: 'merchandise',
    eel_pfc: eelPfc,
    ...(customsSigner === undefined ? {} : { customs_certify: true, customs_signer: customsSigner }),
    customs_items: lines.map((line) => {
      const ounces = line.weight === undefined ? undefined : weightIn(line.weight, 'ONZ', 3);
      return present({
        description: line.description,
        quantity: Number(line.quantity),
        value: numeral(times(majorUnits(line.value), line.quantity)),
        currency: line.value.currency,
        weight: numeral(ounces === undefined ? undefined : times(ounces, line.quantity)),
        hs_tariff_number: line.hsCode,
        origin_country: line.originCountry,
      });
    }),
  });
}

/** `A Shipment can be retrieved by its id or reference`. */
export async function findShipment(call: CallContext): Promise<Json | undefined> {
  const path = `/v2/shipments/${encodeURIComponent(referenceOf(call))}`;
  const response = await reading(() => sendEasypost(call, { method: 'GET', path }));
  if (response.status === 404) return undefined;
  const found = response.status === 200 ? object(response.json()) : undefined;
  if (found !== undefined) return found;
  throw lookUpUnanswered('EasyPost', response);
}

/** The bought label; undefined while the shipment is only rated. */
export function labelOf(shipment: Json | undefined): Label | undefined {
  const shipmentId = text(shipment?.id, 100);
  const trackingNumber = text(shipment?.tracking_code, 100);
  const label = object(shipment?.postage_label);
  if (shipmentId === undefined || trackingNumber === undefined || label === undefined) return undefined;
  const rate = object(shipment?.selected_rate);
  return present({
    shipmentId,
    trackingNumber,
    trackingNumbers: [trackingNumber],
    carrier: carrierOf(rate?.carrier),
    service: text(rate?.service, 60),
    cost: moneyOf(rate?.rate, text(rate?.currency, 3) ?? 'USD'),
    label: present({ format: printedFormat(label), url: text(label.label_url, 2000) }),
  });
}

/** `label_file_type` is a media type, e.g. `image/png`. */
function printedFormat(label: Json): string {
  return (text(label.label_file_type, 60)?.split('/').at(-1) ?? 'png').toUpperCase();
}
