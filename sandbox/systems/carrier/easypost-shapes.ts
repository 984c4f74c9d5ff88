/** Bodies, answers and refusals in EasyPost's words (https://docs.easypost.com/docs/shipments, /addresses, /errors). */
import { z } from 'zod';
import { type Answer, type Call, Refusal } from '../../core/http';
import type { Tracker } from './trackers';

export const addressInput = z.looseObject({
  street1: z.string().nullish(),
  city: z.string().nullish(),
  zip: z.string().nullish(),
  country: z.string().nullish(),
});
export const shipmentInput = z.looseObject({
  reference: z.string().nullish(),
  to_address: addressInput,
  from_address: addressInput,
  parcel: z.looseObject({ weight: z.number().positive() }),
  service: z.string().nullish(),
  is_return: z.boolean().nullish(),
});
export const createBody = z.object({ shipment: shipmentInput });
export const buyBody = z.object({ rate: z.looseObject({ id: z.string() }) });
export const addressBody = z.object({
  address: z.looseObject({
    ...addressInput.shape,
    verify: z.unknown().optional(),
    verify_strict: z.unknown().optional(),
  }),
  verify: z.unknown().optional(),
  verify_strict: z.unknown().optional(),
});

export interface Rate {
  id: string;
  object: 'Rate';
  service: string;
  carrier: string;
  rate: string;
  currency: string;
  delivery_days: number;
  shipment_id: string;
}
export interface Shipment {
  id: string;
  object: 'Shipment';
  reference: string | null;
  tracking_code: string | null;
  status: string;
  refund_status: string | null;
  messages: { type: string; carrier: string; message: string }[];
  rates: Rate[];
  selected_rate: Rate | null;
  postage_label: Record<string, unknown> | null;
  tracker: Tracker | null;
  [more: string]: unknown;
}

/** Heavier than 70 lb (weights are in ounces) no rate comes back: a 200 whose `messages` say why. */
export const maxWeightOz = 1_120;

export function refuse(status: number, code: string, message: string): never {
  throw new Refusal({ status, body: { error: { code, message, errors: [] } } });
}

export function read<T>(schema: z.ZodType<T>, call: Call): T {
  const parsed = schema.safeParse(call.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(
    422,
    'PARAMETER.REQUIRED',
    `Missing or invalid parameter: ${issue?.path.join('.') ?? 'body'}`,
  );
}

/** `verify: true` and `verify: ["delivery"]` both ask for it. */
export function given(flag: unknown): boolean {
  return flag === true || flag === 'true' || (Array.isArray(flag) && flag.length > 0);
}

/** Nobody lives at postal code 00000, nor in a street that says it is invalid. */
export function isDeliverable(address: z.infer<typeof addressInput>): boolean {
  return (
    Boolean(address.street1 && address.zip) &&
    address.zip !== '00000' &&
    !/invalid/i.test(address.street1 ?? '')
  );
}

const notFound = {
  code: 'E.ADDRESS.NOT_FOUND',
  field: 'address',
  message: 'Address not found',
  suggestion: null,
};
export const verifyFailure: Answer = {
  status: 422,
  body: {
    error: { code: 'ADDRESS.VERIFY.FAILURE', message: 'Unable to verify address.', errors: [notFound] },
  },
};

export function verification(success: boolean): unknown {
  return {
    success,
    errors: success ? [] : [notFound],
    details: success ? { latitude: 0, longitude: 0, time_zone: 'Etc/UTC' } : null,
  };
}
