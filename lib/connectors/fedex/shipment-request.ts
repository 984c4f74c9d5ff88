/** What goes into POST /ship/v1/shipments (Ship API v1, https://developer.fedex.com/api/en-us/catalog/ship/v1/docs.html). */

import { z } from 'zod';
import { tooLong } from '../kit/address-room';
import { createLabel, type Parcel } from '../kit/contracts/carrier';
import { lengthIn, totalWeight, weightIn } from '../kit/measures';
import type { Json } from '../kit/text';
import { customsClearance } from './customs';
import { partyOf, room } from './party';

export const labelInput = createLabel.input.extend({
  service: z.string().min(1).max(60).describe('FedEx service type, e.g. FEDEX_GROUND'),
  packaging: z
    .string()
    .min(1)
    .max(60)
    .default('YOUR_PACKAGING')
    .describe('FedEx packaging type, e.g. YOUR_PACKAGING'),
});
export type LabelInput = z.infer<typeof labelInput>;

/** The United States and Puerto Rico send in pounds and inches; customs lines are in kilograms, and FedEx wants one unit for both. */
const sendsPounds = ({ from, customs }: LabelInput) =>
  (from.country === 'US' || from.country === 'PR') && (customs ?? []).length === 0;

const imageTypes = { PDF: 'PDF', PNG: 'PNG', GIF: 'PNG', ZPL: 'ZPLII' } as const;

/** What the partner's settings say. */
export interface Shipper {
  account: string;
  pickupType: string;
  customsPurpose: string;
  /** Our reference, as a department number: it prints on the label and Track finds the shipment by it. */
  reference: string;
}

/** @returns a sentence that says what is wrong, when the shipment cannot be described to FedEx */
export function shipmentRequest(wanted: LabelInput, shipper: Shipper): Json | string {
  const from = partyOf(wanted.from);
  const to = partyOf(wanted.to);
  if (from === undefined || to === undefined)
    return 'FedEx needs a name or a company, and a phone number, in both addresses';
  const unfit = tooLong(room, wanted.from, wanted.to);
  if (unfit !== undefined) return unfit;
  const pounds = totalWeight(
    wanted.parcels.map(({ weight }) => weight),
    'LBR',
    1,
  );
  const packages = packagesOf(wanted, shipper.reference);
  if (pounds === undefined || packages === undefined)
    return 'FedEx needs the weight of every parcel, in KGM, GRM, LBR or ONZ';
  const customs = customsClearance(wanted, shipper);
  if (typeof customs === 'string') return customs;
  const image = imageTypes[wanted.labelFormat];
  return {
    labelResponseOptions: 'LABEL',
    processingOptionType: 'SYNCHRONOUS_ONLY',
    accountNumber: { value: shipper.account },
    requestedShipment: {
      shipper: from,
      recipients: [to],
      pickupType: shipper.pickupType,
      serviceType: wanted.service,
      packagingType: wanted.packaging,
      totalWeight: Number(pounds),
      shippingChargesPayment: {
        paymentType: 'SENDER',
        payor: { responsibleParty: { accountNumber: { value: shipper.account } } },
      },
      labelSpecification: {
        imageType: image,
        labelStockType: image === 'ZPLII' ? 'STOCK_4X6' : 'PAPER_4X6',
      },
      totalPackageCount: packages.length,
      requestedPackageLineItems: packages,
      ...(customs === undefined ? {} : { customsClearanceDetail: customs }),
    },
  };
}

function packagesOf(wanted: LabelInput, ours: string): Json[] | undefined {
  const { parcels, reference } = wanted;
  const pounds = sendsPounds(wanted);
  const items = parcels.map((parcel, at): Json | undefined => {
    const value = weightIn(parcel.weight, pounds ? 'LBR' : 'KGM', 1);
    if (value === undefined) return undefined;
    const dimensions = dimensionsOf(parcel, pounds);
    return {
      sequenceNumber: at + 1,
      weight: { units: pounds ? 'LB' : 'KG', value: Number(value) },
      ...(dimensions === undefined ? {} : { dimensions }),
      customerReferences: [
        { customerReferenceType: 'CUSTOMER_REFERENCE', value: reference.slice(0, 30) },
        { customerReferenceType: 'DEPARTMENT_NUMBER', value: ours },
      ],
    };
  });
  return items.every((item) => item !== undefined) ? items : undefined;
}

function dimensionsOf({ length, width, height, dimensionUom }: Parcel, inches: boolean): Json | undefined {
  if (length === undefined || width === undefined || height === undefined) return undefined;
  const [long, wide, high] = [length, width, height].map((side) =>
    lengthIn(side, dimensionUom, inches ? 'INH' : 'CMT', 0),
  );
  if (long === undefined || wide === undefined || high === undefined) return undefined;
  return { length: Number(long), width: Number(wide), height: Number(high), units: inches ? 'IN' : 'CM' };
}
