/**
 * Payloads of SAP S/4HANA. Entities after API_SALES_ORDER_SRV and API_OUTBOUND_DELIVERY_SRV (https://api.sap.com/api/API_SALES_ORDER_SRV,
 * https://api.sap.com/api/OP_API_OUTBOUND_DELIVERY_SRV_0002); business events after SAP's CloudEvents (https://help.sap.com/docs/event-mesh).
 * Loose: unknown fields pass; what we read is checked.
 */
import { z } from 'zod';

const text = z.string().nullish();
/** SAP sends decimals as text, some gateways as numbers. */
const decimal = z.union([z.string(), z.number().transform(String)]).nullish();
const flag = z.boolean().nullish();

export const scheduleLineEntity = z.looseObject({
  SalesOrder: z.string().min(1),
  SalesOrderItem: z.string().min(1),
  ScheduleLine: z.string().min(1),
  RequestedDeliveryDate: text,
  ConfirmedDeliveryDate: text,
  OrderQuantityUnit: text,
  ScheduleLineOrderQuantity: decimal,
  ConfdOrderQtyByMatlAvailCheck: decimal,
  DeliveredQtyInOrderQtyUnit: decimal,
  DelivBlockReasonForSchedLine: text,
});
export type ScheduleLineEntity = z.infer<typeof scheduleLineEntity>;

const resultsOf = <T extends z.ZodType>(entity: T) =>
  z
    .union([
      z.looseObject({ results: z.array(entity) }),
      z.looseObject({ __deferred: z.unknown() }),
      z.string(),
    ])
    .nullish();

export const salesOrderItemEntity = z.looseObject({
  SalesOrder: z.string().min(1),
  SalesOrderItem: z.string().min(1),
  Material: text,
  RequestedQuantity: decimal,
  RequestedQuantityUnit: text,
  RequestedQuantityISOUnit: text,
  ConfdDelivQtyInOrderQtyUnit: decimal,
  ProductionPlant: text,
  ShippingPoint: text,
  SalesDocumentRjcnReason: text,
  DeliveryStatus: text,
  SDProcessStatus: text,
  to_ScheduleLine: resultsOf(scheduleLineEntity),
});
export type SalesOrderItemEntity = z.infer<typeof salesOrderItemEntity>;

export const salesOrderTextEntity = z.looseObject({
  SalesOrder: z.string().min(1),
  Language: z.string().min(1),
  LongTextID: z.string().min(1),
  LongText: text,
});

export const salesOrderEntity = z.looseObject({
  SalesOrder: z.string().min(1),
  SoldToParty: text,
  SalesOrderType: text,
  PurchaseOrderByCustomer: text,
  CreationDate: text,
  LastChangeDate: text,
  LastChangeDateTime: text,
  RequestedDeliveryDate: text,
  TotalNetAmount: decimal,
  TransactionCurrency: text,
  DeliveryBlockReason: text,
  HeaderBillingBlockReason: text,
  IncotermsClassification: text,
  IncotermsTransferLocation: text,
  CompleteDeliveryIsDefined: flag,
  OverallDeliveryStatus: text,
  OverallSDProcessStatus: text,
  to_Item: resultsOf(salesOrderItemEntity),
  to_Text: resultsOf(salesOrderTextEntity),
});
export type SalesOrderEntity = z.infer<typeof salesOrderEntity>;

export const deliveryItemEntity = z.looseObject({
  DeliveryDocument: z.string().min(1),
  DeliveryDocumentItem: z.string().min(1),
  Material: text,
  ActualDeliveryQuantity: decimal,
  DeliveryQuantityUnit: text,
  PickingStatus: text,
  ReferenceSDDocument: text,
  ReferenceSDDocumentItem: text,
});
export type DeliveryItemEntity = z.infer<typeof deliveryItemEntity>;

export const deliveryEntity = z.looseObject({
  DeliveryDocument: z.string().min(1),
  DeliveryDocumentType: text,
  ActualGoodsMovementDate: text,
  ActualGoodsMovementTime: text,
  PlannedGoodsIssueDate: text,
  DeliveryDate: text,
  CreationDate: text,
  CreationTime: text,
  LastChangeDate: text,
  DeliveryBlockReason: text,
  HeaderBillingBlockReason: text,
  IncotermsClassification: text,
  OverallGoodsMovementStatus: text,
  OverallPickingStatus: text,
  OverallPackingStatus: text,
  ShippingPoint: text,
  SoldToParty: text,
  ShipToParty: text,
  BillOfLading: text,
  to_DeliveryDocumentItem: resultsOf(deliveryItemEntity),
});
export type DeliveryEntity = z.infer<typeof deliveryEntity>;

export const documentFlowEntity = z.looseObject({
  PrecedingDocument: z.string().min(1),
  PrecedingDocumentCategory: text,
  Subsequentdocument: z.string().min(1),
  SubsequentDocumentCategory: z.string().min(1),
  QuantityInBaseUnit: decimal,
});

/** A file of a business object, as GetAllOriginals of API_CV_ATTACHMENT_SRV lists it. */
export const attachmentEntity = z.looseObject({
  FileName: text,
  MimeType: text,
  LogicalDocument: text,
  ArchiveDocumentID: text,
  DocumentInfoRecordDocNumber: text,
});
export type AttachmentEntity = z.infer<typeof attachmentEntity>;

/** One entity (`d`) as OData v2 wraps it. */
export const one = <T extends z.ZodType>(entity: T) => z.looseObject({ d: entity });
/** A collection; SAP wraps it as `d.results`. */
export const many = <T extends z.ZodType>(entity: T) =>
  z.looseObject({ d: z.looseObject({ results: z.array(entity) }) });

/** OData v2 error body. */
export const odataError = z.looseObject({
  error: z.looseObject({
    code: z.string().optional(),
    message: z.union([z.string(), z.looseObject({ value: z.string().optional() })]).optional(),
  }),
});

/** What an integration middleware logs around entities it read: a line with `message` and `time`. */
export const logEnvelope = z.looseObject({ message: z.array(z.unknown()), time: z.string().min(1) });

/** A message of an event middleware that names an S/4 event in `api_schema` without being a CloudEvent. */
export const wrappedEvent = z.looseObject({
  api_schema: z.string().min(1),
  document_no: z.string().optional(),
  material_code: z.string().optional(),
  validated_date: z.string().optional(),
});

/** CloudEvents 1.0, structured JSON, as S/4HANA's enterprise event enablement sends it. */
export const businessEvent = z.looseObject({
  specversion: z.string(),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  time: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
