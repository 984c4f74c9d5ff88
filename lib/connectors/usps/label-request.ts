/** What goes into POST /labels/v3/label (https://developers.usps.com/domesticlabelsv3, LabelRequest): one package a label. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { createLabel, type Parcel } from '../kit/contracts/carrier';
import { lengthIn, weightIn } from '../kit/measures';
import type { Json } from '../kit/text';
import { labelAddress } from './address';

export const labelInput = createLabel.input.extend({
  service: z.string().min(1).max(60).describe('USPS mail class, e.g. USPS_GROUND_ADVANTAGE'),
  mailingDate: z.iso.date().optional().describe('Day on which it is mailed; today where it is left out'),
  rateIndicator: z.string().length(2).default('SP').describe('USPS rate indicator; SP is a single piece'),
  processingCategory: z.enum(['MACHINABLE', 'NONSTANDARD', 'FLATS', 'LETTERS']).default('MACHINABLE'),
});
export type LabelInput = z.infer<typeof labelInput>;

const imageTypes = { PDF: 'PDF', PNG: 'PNG', GIF: 'GIF', ZPL: 'ZPL203DPI' } as const;

/** The idempotency key of one label: a UUID made of the effect's key, so that the same label asked for again is the same. */
export function labelKey(effectKey: string, at: number): string {
  const digest = createHash('sha256').update(`${effectKey}/${at}`).digest('hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 3) | 8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

/** @returns a sentence that says what is missing, when the parcel cannot be described to USPS */
export function labelRequest(wanted: LabelInput, parcel: Parcel, at: number, today: string): Json | string {
  const pounds = weightIn(parcel.weight, 'LBR', 2);
  if (pounds === undefined) return 'USPS needs the weight of every parcel, in KGM, GRM, LBR or ONZ';
  const dimensions = dimensionsOf(parcel);
  if (dimensions === undefined) return 'USPS needs length, width and height of every parcel';
  const several = wanted.parcels.length > 1;
  return {
    imageInfo: {
      imageType: imageTypes[wanted.labelFormat],
      labelType: '4X6LABEL',
      receiptOption: 'NONE',
      ...(several ? { packageNumber: at + 1, totalPackages: wanted.parcels.length } : {}),
    },
    toAddress: labelAddress(wanted.to),
    fromAddress: labelAddress(wanted.from),
    packageDescription: {
      mailClass: wanted.service,
      rateIndicator: wanted.rateIndicator,
      processingCategory: wanted.processingCategory,
      destinationEntryFacilityType: 'NONE',
      mailingDate: wanted.mailingDate ?? today,
      weightUOM: 'lb',
      weight: Number(pounds),
      ...dimensions,
      customerReference: [{ referenceNumber: wanted.reference.slice(0, 30), printReferenceNumber: true }],
    },
  };
}

function dimensionsOf({ length, width, height, dimensionUom }: Parcel): Json | undefined {
  if (length === undefined || width === undefined || height === undefined) return undefined;
  const [long, wide, high] = [length, width, height].map((side) => lengthIn(side, dimensionUom, 'INH', 2));
  if (long === undefined || wide === undefined || high === undefined) return undefined;
  return { dimensionsUOM: 'in', length: Number(long), width: Number(wide), height: Number(high) };
}
