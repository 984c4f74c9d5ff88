/**
 * What we read of FedEx payloads. Unknown fields pass; the fields read here are checked item by item, so that one odd item
 * never costs the others. https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html
 */
import { z } from 'zod';

const words = z.string().nullish();

const address = z
  .object({ city: words, stateOrProvinceCode: words, postalCode: words, countryCode: words })
  .nullish();

export const scanEvent = z.object({
  date: words,
  eventType: z.string().min(1).max(100),
  eventDescription: words,
  exceptionCode: z.string().max(100).nullish(),
  exceptionDescription: words,
  scanLocation: address,
  locationId: words,
});
export type ScanEvent = z.infer<typeof scanEvent>;

export const latestStatus = z.object({
  code: z.string().max(100).nullish(),
  derivedCode: z.string().max(100).nullish(),
  description: words,
  statusByLocale: words,
  scanLocation: address,
  ancillaryDetails: z
    .array(z.object({ reason: z.string().max(100).nullish(), reasonDescription: words }))
    .nullish(),
});
export type LatestStatus = z.infer<typeof latestStatus>;

export const trackResult = z.object({
  trackingNumberInfo: z.object({ trackingNumber: words, carrierCode: words }).nullish(),
  additionalTrackingInfo: z
    .object({
      packageIdentifiers: z.array(z.object({ type: words, values: z.array(z.string()).nullish() })).nullish(),
    })
    .nullish(),
  latestStatusDetail: latestStatus.nullish(),
  dateAndTimes: z.array(z.object({ type: words, dateTime: words })).nullish(),
  scanEvents: z.array(z.unknown()).nullish(),
  estimatedDeliveryTimeWindow: z
    .object({ window: z.object({ begins: words, ends: words }).nullish() })
    .nullish(),
  deliveryDetails: z.object({ receivedByName: words }).nullish(),
  error: z.object({ code: words, message: z.unknown().optional() }).nullish(),
});
export type TrackResult = z.infer<typeof trackResult>;

export const completeResult = z.object({ trackingNumber: words, trackResults: z.array(z.unknown()) });

export const errorItem = z.object({ code: z.string(), message: z.unknown().optional() });
