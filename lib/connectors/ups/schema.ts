/**
 * What we read of UPS payloads (https://github.com/UPS-API/api-documentation: Tracking.yaml, UPSTrackAlert.yaml). Unknown
 * fields pass; items are checked one by one. UPS sends empty text for what has no value.
 */
import { z } from 'zod';

const words = z.string().nullish();
const code = z.string().max(100).nullish();

const address = z
  .object({
    city: words,
    stateProvince: words,
    postalCode: words,
    countryCode: words,
    country: words,
  })
  .nullish();

export const activity = z.object({
  date: words,
  time: words,
  gmtDate: words,
  gmtTime: words,
  gmtOffset: words,
  location: z.object({ address, slic: words }).nullish(),
  status: z.object({ type: code, code, statusCode: code, description: words }),
});
export type Activity = z.infer<typeof activity>;

export const trackedPackage = z.object({
  trackingNumber: words,
  activity: z.array(z.unknown()).nullish(),
  currentStatus: z.object({ type: code, code, statusCode: code, description: words }).nullish(),
  deliveryDate: z.array(z.object({ type: words, date: words })).nullish(),
  referenceNumber: z.array(z.object({ number: words })).nullish(),
});
export type TrackedPackage = z.infer<typeof trackedPackage>;

export const trackedShipment = z.object({
  inquiryNumber: words,
  pickupDate: words,
  package: z.array(z.unknown()).nullish(),
  warnings: z.array(z.object({ code: words, message: words })).nullish(),
});

export const trackAlert = z.object({
  trackingNumber: z.string().trim().min(1).max(100),
  localActivityDate: words,
  localActivityTime: words,
  gmtActivityDate: words,
  gmtActivityTime: words,
  activityLocation: address,
  activityStatus: z.object({ type: code, code, descriptionCode: code, description: words }),
  scheduledDeliveryDate: words,
  receivedBy: words,
});
export type TrackAlert = z.infer<typeof trackAlert>;
