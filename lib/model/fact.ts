/**
 * The canonical fact: one event in CloudEvents 1.0 terms (https://github.com/cloudevents/spec), immutable, appended once,
 * unique by (source, dedupKey). Properties are camelCase here; `wire.ts` writes the lower-case CloudEvents attributes.
 */
import { z } from 'zod';
import { exceptionCodes, severities, slaTiers } from './taxonomy';

/** RFC 3339 with an offset. */
export const rfc3339 = z.iso.datetime({ offset: true });

/** Semantic version of the data schema below; the major stands in `type`. */
export const factSchemaVersion = '1.0.0';

export const quantity = z.strictObject({
  /** A decimal as text, so that 0.1 stays 0.1. */
  value: z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .describe('Decimal number as text'),
  /** UNECE Recommendation 20, e.g. EA, KGM. */
  uom: z.string().min(2).max(3).describe('UNECE Rec 20 unit code'),
});
export type Quantity = z.infer<typeof quantity>;

export const money = z.strictObject({
  amountMinor: z
    .string()
    .regex(/^-?\d+$/)
    .describe('Integer amount in minor units, as text'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('ISO 4217'),
});
export type Money = z.infer<typeof money>;

/** One identifier in the vocabulary of the system that gave it; leading zeros are kept. */
export const identifier = z.strictObject({
  namespace: z.string().min(1).max(100),
  value: z.string().min(1).max(200),
});
export type Identifier = z.infer<typeof identifier>;

export const trackingNumber = z.strictObject({
  carrier: z.string().min(1).max(100),
  value: z.string().min(1).max(100),
  /** Carriers reuse numbers: the ship date tells two shipments apart. */
  shipDate: z.iso.date().optional(),
});

const ids = z.array(identifier).max(200).optional();
export const identifiers = z.strictObject({
  orderNumber: ids,
  erpSalesOrderId: ids,
  deliveryId: ids,
  shipmentId: ids,
  proNumber: ids,
  bolNumber: ids,
  asnId: ids,
  inventoryLocation: ids,
  customerAccount: ids,
  trackingNumber: z.array(trackingNumber).max(200).optional(),
  /** 18 digits, the last a GS1 check digit. */
  sscc: z
    .array(z.string().regex(/^\d{18}$/))
    .max(200)
    .optional(),
});
export type Identifiers = z.infer<typeof identifiers>;
export type IdentifierKind = Exclude<keyof Identifiers, 'trackingNumber' | 'sscc'>;

export const timeClassifiers = ['ACTUAL', 'ESTIMATED', 'PLANNED', 'REQUESTED'] as const;
export const timeConfidences = ['SOURCE_OFFSET', 'LOCATION_INFERRED', 'ASSUMED_UTC'] as const;

export const factTime = z.strictObject({
  eventTime: rfc3339,
  eventTimeZoneOffset: z.string().regex(/^[+-]\d{2}:\d{2}$/),
  recordTime: rfc3339,
  /** When the source recorded it, where it says so. */
  sourceRecordTime: rfc3339.optional(),
  timeClassifier: z.enum(timeClassifiers),
  timeConfidence: z.enum(timeConfidences),
});

export const incoterms = [
  'EXW',
  'FCA',
  'CPT',
  'CIP',
  'DAP',
  'DPU',
  'DDP',
  'FAS',
  'FOB',
  'CFR',
  'CIF',
] as const;

export const factContext = z.strictObject({
  customerPriority: z.int().min(1).max(5).optional(),
  slaTier: z.enum(slaTiers).optional(),
  incoterm: z.enum(incoterms).optional(),
  namedPlace: z.string().max(200).optional(),
  orderValue: money.optional(),
  promisedDeliveryAt: rfc3339.optional(),
  etaAt: rfc3339.optional(),
  severity: z.enum(severities).optional(),
  /** ISO 3166-1 alpha-2 or 3166-2. */
  region: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/)
    .optional(),
  warehouse: z.string().max(100).optional(),
});
export type FactContext = z.infer<typeof factContext>;

/** How far a shipment, or its order, has come. */
export const milestones = [
  'ORDER_RELEASED',
  'BOOKED',
  'LABEL_CREATED',
  'PRE_TRANSIT',
  'PICKED',
  'PACKED',
  'SHIPPED',
  'PICKED_UP',
  'IN_TRANSIT',
  'DEPARTED',
  'ARRIVED',
  'CUSTOMS_CLEARANCE',
  'CUSTOMS_CLEARED',
  'OUT_FOR_DELIVERY',
  'AVAILABLE_FOR_PICKUP',
  'DELIVERY_ATTEMPTED',
  'DELIVERED',
  'RETURNING',
  'RETURNED',
  'RECEIVED',
  'CANCELLED',
] as const;
export type Milestone = (typeof milestones)[number];

/** One line or handling unit on which expectation and reality differ. */
export const discrepancy = z.strictObject({
  lineId: z.string().max(100),
  /** What it is: a GTIN, SKU or material number. */
  item: z.string().max(200).optional(),
  expected: quantity,
  actual: quantity,
});
export type Discrepancy = z.infer<typeof discrepancy>;

const exceptionShape = {
  /** The vendor's machine-readable error where the exception is a refused call. */
  errorCode: z.string().max(200).optional(),
  message: z.string().max(2000).optional(),
  attemptCount: z.int().min(0).optional(),
  delayMinutes: z.int().optional(),
  holdReason: z.string().max(500).optional(),
  discrepancies: z.array(discrepancy).max(10_000).optional(),
};

/** Short picks and receipt differences are meaningless without their lines; everything else shares the optional details. */
const needsDiscrepancies = new Set<string>(['INVENTORY_SHORT_PICK', 'ASN_MISMATCH', 'PARTIALLY_FULFILLED']);

export const factException = z.discriminatedUnion(
  'code',
  exceptionCodes.map((code) =>
    z.strictObject({
      code: z.literal(code),
      ...exceptionShape,
      ...(needsDiscrepancies.has(code) ? { discrepancies: z.array(discrepancy).min(1).max(10_000) } : {}),
    }),
  ) as unknown as [ReturnType<typeof exceptionMember>, ...ReturnType<typeof exceptionMember>[]],
);
function exceptionMember() {
  return z.strictObject({ code: z.enum(exceptionCodes), ...exceptionShape });
}
export type FactException = z.infer<ReturnType<typeof exceptionMember>>;

/** The vendor's own words, always kept. */
export const sourceCode = z.strictObject({
  system: z.string().max(100),
  codeList: z.string().max(100),
  codeListVersion: z.string().max(50).optional(),
  agency: z.string().max(100).optional(),
  status: z.string().max(500),
  reason: z.string().max(500).optional(),
  text: z.string().max(4000).optional(),
  /** Version of our mapping table that gave the code its meaning. */
  mappingVersion: z.string().max(50),
});

export const evidence = z.strictObject({
  kind: z.enum(['document', 'photo', 'signature', 'reading', 'message', 'other']),
  uri: z.string().max(2000).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  description: z.string().max(2000).optional(),
});

export const rawReference = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  byteSize: z.int().min(0),
  mediaType: z.string().max(200),
  ref: z.string().max(200),
});

export const factData = z.strictObject({
  time: factTime,
  identifiers,
  context: factContext.optional(),
  milestone: z.enum(milestones).optional(),
  /** GS1 CBV business step and disposition, short form: `picking`, `damaged`. */
  bizStep: z.string().max(100).optional(),
  disposition: z.string().max(100).optional(),
  exception: factException.optional(),
  sourceCode: sourceCode.optional(),
  /** Lines with quantities where the event is about goods rather than a parcel. */
  lines: z
    .array(
      z.strictObject({
        lineId: z.string().max(100),
        item: z.string().max(200).optional(),
        ordered: quantity.optional(),
        fulfilled: quantity.optional(),
      }),
    )
    .max(10_000)
    .optional(),
  /** Where it happened, as the source says it. */
  place: z
    .strictObject({
      name: z.string().max(200).optional(),
      city: z.string().max(200).optional(),
      region: z.string().max(100).optional(),
      postalCode: z.string().max(40).optional(),
      country: z.string().max(100).optional(),
      locationId: z.string().max(200).optional(),
    })
    .optional(),
  evidence: z.array(evidence).max(100).optional(),
  raw: rawReference.optional(),
  retracts: z
    .strictObject({
      eventId: z.string().max(200),
      reason: z.string().max(500).optional(),
      correctiveEventIds: z.array(z.string().max(200)).max(100).optional(),
    })
    .optional(),
});
export type FactData = z.infer<typeof factData>;

let compiledFactData: typeof factData | undefined;

/** The answer of `factData.safeParse` without its copy and its reasons, in a fifth of the time. Compiled when first asked. */
export function isSoundFactData(data: unknown): boolean {
  compiledFactData ??= z.compile(factData);
  return compiledFactData.validate(data);
}

export const factTypes = [
  'org.reroute.shipment.milestone.v1',
  'org.reroute.shipment.exception.v1',
  'org.reroute.shipment.retracted.v1',
  'org.reroute.order.changed.v1',
  'org.reroute.delivery.changed.v1',
  'org.reroute.inventory.changed.v1',
  'org.reroute.claim.filed.v1',
] as const;
export type FactType = (typeof factTypes)[number];

export const fact = z.strictObject({
  specVersion: z.literal('1.0'),
  /** sha-256 of source and dedupKey for ingested facts, UUIDv7 for our own. */
  id: z.string().min(1).max(100),
  /** `/tenant/system/instance` */
  source: z.string().regex(/^\/[^/]+\/[^/]+\/[^/]+$/),
  type: z.enum(factTypes),
  /** The shipment key this fact is about; see `shipmentKeyOf`. */
  subject: z.string().min(1).max(300),
  time: rfc3339,
  dataSchema: z.string(),
  correlationId: z.string().min(1).max(100),
  causationId: z.string().max(100).optional(),
  recordedTime: rfc3339,
  partitionKey: z.string().min(1).max(300),
  dedupKey: z.string().min(1).max(300),
  traceParent: z.string().max(100).optional(),
  data: factData,
});
export type Fact = z.infer<typeof fact>;

/** What a connector says about one event; the engine adds identity, correlation and record time. */
export interface FactDraft {
  type: FactType;
  /** Business key of this event: the same event polled or sent again gives the same key. */
  dedupKey: string;
  data: Omit<FactData, 'raw'>;
}
