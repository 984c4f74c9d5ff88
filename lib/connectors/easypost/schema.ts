/** What we read of EasyPost objects (https://docs.easypost.com/docs). Unknown fields pass; lists are checked item by item. */
import { z } from 'zod';

const words = z.string().nullish();
const code = z.string().max(100).nullish();

export const trackingDetail = z.object({
  status: z.string().min(1).max(100),
  status_detail: code,
  datetime: words,
  message: words,
  description: words,
  tracking_location: z.object({ city: words, state: words, country: words, zip: words }).nullish(),
});
export type TrackingDetail = z.infer<typeof trackingDetail>;

export const tracker = z.object({
  tracking_code: z.string().trim().min(1).max(100),
  carrier: words,
  status: code,
  status_detail: code,
  updated_at: words,
  est_delivery_date: words,
  shipment_id: words,
  tracking_details: z.array(z.unknown()).nullish(),
});
export type Tracker = z.infer<typeof tracker>;

export const event = z.object({ id: words, description: words, result: z.unknown().optional() });

export const claim = z.object({
  id: z.string().min(1).max(100),
  type: code,
  status: code,
  tracking_code: words,
  shipment_id: words,
  created_at: words,
  description: words,
  attachments: z.array(z.unknown()).nullish(),
});

export const shipment = z.object({
  id: words,
  reference: words,
  tracking_code: words,
  selected_rate: z.object({ carrier: words }).nullish(),
  postage_label: z.object({ created_at: words }).nullish(),
  refund_status: words,
  updated_at: words,
  tracker: z.unknown().optional(),
});

export const errorBody = z.object({
  code: z.string().min(1).max(200),
  message: z.unknown().optional(),
  errors: z.array(z.unknown()).nullish(),
});
