/** What goes into POST /shipments (MyDHL API 3.1.1, CreateShipmentRequest): metric, no pickup, the label only. */

import { z } from 'zod';
import { incoterms, rfc3339 } from '../../model/fact';
import { tooLong } from '../kit/address-room';
import { createLabel, type Parcel } from '../kit/contracts/carrier';
import { lengthIn, weightIn } from '../kit/measures';
import type { Json } from '../kit/text';
import { instant } from '../kit/time';
import { dhlTime } from './client';
import { exportOf } from './customs';
import { partyOf, room } from './party';

export const labelInput = createLabel.input.extend({
  service: z.string().min(1).max(6).describe('DHL global product code, e.g. P'),
  contents: z.string().min(1).max(70).optional().describe('What the shipment contains'),
  incoterm: z.enum(incoterms).optional(),
  shipAt: rfc3339
    .optional()
    .describe('When DHL gets the shipment, with offset; in an hour where it is left out'),
});
export type LabelInput = z.infer<typeof labelInput>;

/** What the partner's settings say, and what the call is about. */
export interface Shipper {
  account: string;
  contents: string | undefined;
  incoterm: string;
  exportReason: string;
  /** Our reference: Track finds the shipment by it. */
  reference: string;
  now: number;
}

const hourMs = 3_600_000;

/** @returns a sentence that says what is wrong, when the shipment cannot be described to DHL */
export function shipmentRequest(wanted: LabelInput, shipper: Shipper): Json | string {
  const from = partyOf(wanted.from);
  const to = partyOf(wanted.to);
  if (from === undefined || to === undefined) return 'DHL needs a name and a phone number in both addresses';
  const unfit = tooLong(room, wanted.from, wanted.to);
  if (unfit !== undefined) return unfit;
  const packages = wanted.parcels.map((parcel) => packageOf(parcel));
  if (packages.some((item) => item === undefined))
    return 'DHL needs the weight of every parcel, in KGM, GRM, LBR or ONZ';
  const description = wanted.contents ?? contentsOf(wanted) ?? shipper.contents;
  if (description === undefined) return 'DHL needs the contents: give them, or set them in the partner';
  const customs = exportOf(wanted, shipper);
  if (typeof customs === 'string') return customs;
  return {
    plannedShippingDateAndTime: dhlTime(wanted.shipAt ?? instant(shipper.now + hourMs)),
    pickup: { isRequested: false },
    productCode: wanted.service,
    accounts: [{ typeCode: 'shipper', number: shipper.account }],
    outputImageProperties: {
      encodingFormat: wanted.labelFormat === 'ZPL' ? 'zpl' : 'pdf',
      imageOptions: [{ typeCode: 'label' }],
    },
    customerReferences: [
      { value: wanted.reference, typeCode: 'CU' },
      { value: shipper.reference, typeCode: 'CU' },
    ],
    customerDetails: { shipperDetails: from, receiverDetails: to },
    content: {
      packages,
      isCustomsDeclarable: customs !== undefined,
      ...customs,
      description: description.trim().slice(0, 70),
      incoterm: wanted.incoterm ?? shipper.incoterm,
      unitOfMeasurement: 'metric',
    },
  };
}

function contentsOf({ customs }: LabelInput): string | undefined {
  const words = (customs ?? []).map(({ description }) => description);
  return words.length === 0 ? undefined : words.join(', ');
}

export function packageOf({ weight, length, width, height, dimensionUom }: Parcel): Json | undefined {
  const kilograms = weightIn(weight, 'KGM', 3);
  if (kilograms === undefined) return undefined;
  if (length === undefined || width === undefined || height === undefined)
    return { weight: Number(kilograms) };
  const [long, wide, high] = [length, width, height].map((side) => lengthIn(side, dimensionUom, 'CMT', 1));
  if (long === undefined || wide === undefined || high === undefined) return { weight: Number(kilograms) };
  return {
    weight: Number(kilograms),
    dimensions: { length: Number(long), width: Number(wide), height: Number(high) },
  };
}
