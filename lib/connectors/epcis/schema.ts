/** EPCIS 2.0 events in JSON(-LD), loose (https://ref.gs1.org/standards/epcis/epcis-json-schema.json): what we read is checked, the rest passes. */
import { z } from 'zod';

export const eventTypes = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Elements of a list of an event; see `mostLines` for how many of them a fact holds. */
const mostElements = 100_000;

const uri = z.string().min(1).max(2000);
const uris = z.array(uri).max(mostElements).optional();

export const quantityElement = z.looseObject({
  epcClass: uri,
  quantity: z.number().min(0).optional(),
  uom: z.string().min(2).max(3).optional(),
});
export type QuantityElement = z.infer<typeof quantityElement>;
export const quantities = z.array(quantityElement).max(mostElements);

export const errorDeclaration = z.looseObject({
  declarationTime: z.string().min(1),
  reason: z.string().max(500).optional(),
  correctiveEventIDs: z.array(uri).max(100).optional(),
});

const sensorElement = z.looseObject({
  sensorReport: z
    .array(z.looseObject({ type: z.string().optional(), exception: z.string().optional() }))
    .optional(),
});

export const epcisEvent = z.looseObject({
  eventID: z.string().min(1).max(2000).optional(),
  eventTime: z.string().min(1),
  eventTimeZoneOffset: z.string().optional(),
  recordTime: z.string().optional(),
  action: z.enum(['ADD', 'OBSERVE', 'DELETE']).optional(),
  bizStep: z.string().max(500).optional(),
  disposition: z.string().max(500).optional(),
  parentID: uri.optional(),
  epcList: uris,
  childEPCs: uris,
  inputEPCList: uris,
  outputEPCList: uris,
  quantityList: quantities.optional(),
  childQuantityList: quantities.optional(),
  outputQuantityList: quantities.optional(),
  readPoint: z.looseObject({ id: uri }).optional(),
  bizLocation: z.looseObject({ id: uri }).optional(),
  bizTransactionList: z
    .array(z.looseObject({ type: z.string().max(500).optional(), bizTransaction: uri }))
    .max(200)
    .optional(),
  sensorElementList: z.array(sensorElement).max(1000).optional(),
  errorDeclaration: errorDeclaration.optional(),
});
export type EpcisEvent = z.infer<typeof epcisEvent>;
